"""Scores of an interlaboratory comparison: E_n, ζ, z and z′ (ISO 13528:2022 clause 9, ISO/IEC 17043), their document.

The numbers are taken as typed and compared exactly, so a score of exactly 1, 2 or 3 falls on the stated side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from uncertainty.documents import Reader, open_document
from uncertainty.errors import InputError
from uncertainty.exact import fraction, root
from uncertainty.notes import note
from uncertainty.number_range import within_doubles

# Above this share of sigma_pt the reference's uncertainty enters the score (ISO 13528:2022 9.2.1).
NEGLIGIBLE_SHARE = Fraction(3, 10)


class Verdict(StrEnum):
    """What a score says of the participant."""

    SATISFACTORY = "satisfactory"
    QUESTIONABLE = "questionable"
    UNSATISFACTORY = "unsatisfactory"


@dataclass(frozen=True, slots=True)
class Stated:
    """A value with its expanded uncertainty U = k·u, all in one unit."""

    value: float
    expanded_uncertainty: float
    coverage_factor: float = 2.0


@dataclass(frozen=True, slots=True)
class Score:
    """One score and its verdict."""

    value: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """Scores of one participant; None where what the score divides by is not given or zero."""

    en: Score | None
    """(x − X)/√(U_x² + U_X²) with both U as stated; satisfactory up to 1 (ISO/IEC 17043 B.3.1.3)."""
    zeta: Score | None
    """(x − X)/√(u_x² + u_X²)."""
    z: Score | None
    """(x − X)/σ_pt."""
    z_prime: Score | None
    """(x − X)/√(σ_pt² + u_X²) where u_X > 0.3 σ_pt, else z."""


def compare(lab: Stated, reference: Stated, sigma_pt: float | None = None) -> Comparison:
    """Score a participant's value x against the assigned value X; `sigma_pt` is the deviation for proficiency."""
    difference = fraction(lab.value) - fraction(reference.value)
    expanded = [fraction(side.expanded_uncertainty) for side in (lab, reference)]
    standard = [u / fraction(side.coverage_factor) for u, side in zip(expanded, (lab, reference), strict=True)]
    en = _score(difference, sum((u**2 for u in expanded), Fraction(0)), satisfactory=1, unsatisfactory=1)
    zeta = _score(difference, sum((u**2 for u in standard), Fraction(0)))
    if sigma_pt is None:
        return Comparison(en, zeta, None, None)
    variance, of_reference = fraction(sigma_pt) ** 2, standard[1] ** 2
    counts = of_reference > NEGLIGIBLE_SHARE**2 * variance
    return Comparison(
        en, zeta, _score(difference, variance), _score(difference, variance + (of_reference if counts else 0))
    )


@within_doubles
def calculate_document(document: Mapping[str, object]) -> dict[str, object]:
    """Result of a `comparison` document (docs/engine.md); `InputError` names what is wrong."""
    reader = open_document(
        document, "comparison", ("title", "note", "unit", "lab", "reference", "sigma_pt", "coverage_factor")
    )
    common = reader.number("coverage_factor", 2.0, above=0)
    sigma = reader.optional_number("sigma_pt", above=0)
    found = compare(_stated(reader, "lab", common), _stated(reader, "reference", common), sigma)
    scores = {"En": found.en, "zeta": found.zeta, "z": found.z, "z_prime": found.z_prime}
    result: dict[str, object] = {name: score and score.value for name, score in scores.items()}
    result["verdicts"] = {name: score and score.verdict.value for name, score in scores.items()}
    return {**result, "notes": _remarks(found, sigma)}


def _score(difference: Fraction, square: Fraction, *, satisfactory: int = 2, unsatisfactory: int = 3) -> Score | None:
    """Satisfactory up to and with one bound, unsatisfactory from the other, questionable between (ISO 13528 9.4.2)."""
    if square == 0:
        return None
    squared = difference**2 / square
    if squared <= satisfactory**2:
        verdict = Verdict.SATISFACTORY
    else:
        verdict = Verdict.UNSATISFACTORY if squared >= unsatisfactory**2 else Verdict.QUESTIONABLE
    return Score(root(squared) if difference >= 0 else -root(squared), verdict)


def _stated(reader: Reader, key: str, common: float) -> Stated:
    side = reader.child(key, ("value", "expanded_uncertainty", "standard_uncertainty", "coverage_factor"))
    factor = side.number("coverage_factor", common, above=0)
    if "standard_uncertainty" not in side:
        return Stated(side.number("value"), side.number("expanded_uncertainty", at_least=0), factor)
    if "expanded_uncertainty" in side:
        raise InputError(
            side.at("standard_uncertainty"),
            vi="chỉ nêu expanded_uncertainty hoặc standard_uncertainty",
            en="state either expanded_uncertainty or standard_uncertainty, not both",
        )
    return Stated(side.number("value"), factor * side.number("standard_uncertainty", at_least=0), factor)


def _remarks(found: Comparison, sigma: float | None) -> list[str]:
    notes: list[str] = []
    if found.en is None:
        notes.append(
            note(
                "cả hai độ không đảm bảo bằng 0: En và zeta không xác định",
                "both uncertainties are 0: En and zeta are undefined",
            )
        )
    if sigma is None:
        notes.append(note("không nêu sigma_pt: z và z_prime là null", "no sigma_pt given: z and z_prime are null"))
    elif found.z != found.z_prime:
        notes.append(
            note(
                "u của giá trị ấn định lớn hơn 0.3 sigma_pt: dùng z_prime thay cho z",
                "u of the assigned value exceeds 0.3 sigma_pt: use z_prime instead of z",
            )
        )
    return notes
