"""The typing guard: a reading far from what is expected is asked about before it is believed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from instruments.typed_number import TypedNumber
from instruments.words import Words


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a reading is asked about; `suggestion` is the canonical text of what was probably meant, if one is seen."""

    kind: Literal["missed_comma", "missed_digit", "swapped_digits", "wrong_sign", "far"]
    suggestion: str | None
    text: Words


def guard(
    typed: TypedNumber, expected: Decimal | None, within: Decimal | None, resolution: Decimal | None = None
) -> Suspicion | None:
    """None when the reading is believable or nothing is expected; pure, the same on the page and on the server."""
    raise NotImplementedError
