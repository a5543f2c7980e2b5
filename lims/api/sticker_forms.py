"""Bodies of the ledger of stickers: a series that came in, and a run of numbers that moves on."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from lims.legal.sticker_forms import MoveForm, ReceiveForm
from lims.shared.forms import TextField

__all__ = ["ReceiveForm", "StickerMoveForm"]


class StickerMoveForm(MoveForm):
    """What happens to a number, and to those after it up to `last`; who receives them is named by the user name."""

    holder_user = TextField(_l("Người nhận"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        del self.holder
        del self.first
