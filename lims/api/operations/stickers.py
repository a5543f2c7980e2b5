"""`/stickers` and `/sticker-series`: the ledger of stickers and seals."""
from __future__ import annotations

from typing import Any

from lims.api.form_schema import body_of
from lims.api.operation import (
    DAY,
    INSTANT,
    JSON,
    PAGE,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    Operation,
    Schema,
    changing,
    creating,
    many,
    one_of,
    page_of,
    shape,
)
from lims.api.sticker_forms import ReceiveForm, StickerMoveForm
from lims.legal.sticker_models import KINDS
from lims.legal.sticker_rules import STATES

_KINDS, _STATES = ", ".join(KINDS), ", ".join(STATES)
OPERATIONS = (
    Operation("get", "/stickers", "stickers:read", "Tem, niêm phong theo thứ tự nhập kho",
              "Stickers and seals in the order they came in", (
        ("q", "part of the number"), ("kind", _KINDS), ("state", _STATES), ("series", "id of a series"),
        ("holder", "user name of who holds it"), ("item", "code of an item, job/position"), *PAGE),
              answers=((JSON, "StickerPage"),), refusals=(422,)),
    Operation("get", "/stickers/{sticker_id}", "stickers:read", "Một số tem và mọi việc đã xảy ra với nó",
              "One number and all that happened to it", answers=((JSON, "Sticker"),), refusals=(404,), tagged=True),
    Operation("get", "/sticker-series", "stickers:read", "Các loạt tem đã nhập, mới nhất trước, với số tồn",
              "Series as they came in, newest first, with their balance", (("kind", _KINDS), *PAGE),
              answers=((JSON, "StickerSeriesPage"),), refusals=(422,)),
    Operation("get", "/sticker-series/{series_id}", "stickers:read", "Một loạt tem: bao nhiêu số đang ở đâu",
              "One series: how many of its numbers are where", answers=((JSON, "StickerSeries"),), refusals=(404,)),
    creating("/stickers", "stickers:write", "Nhập kho một loạt tem, từ số đầu đến số cuối",
             "Receive a series, from its first to its last number", body="NewStickers", answer="StickerSeries",
             permission="stickers.keep", tagged=False),
    changing("/stickers/{sticker_id}", "stickers:write",
             "Giao, nhận lại, báo hỏng, báo mất một số tem, hoặc cả dãy đến số last",
             "Assign, return, spoil or lose a number, or the run from it to the number `last`", body="StickerMove",
             answer="Sticker", permission="stickers.keep"),
)
_LINE: dict[str, Any] = {
    "id": WHOLE, "kind": one_of(*KINDS), "number": TEXT, "series": WHOLE, "state": one_of(*STATES),
    "holder": TEXT_OR_NULL, "holder_user": TEXT_OR_NULL, "job": TEXT_OR_NULL, "item": TEXT_OR_NULL, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "StickerLine": shape(**_LINE),
    "StickerPage": page_of("StickerLine"),
    "Sticker": shape(**_LINE, version=WHOLE, moves=many(shape(
        act=TEXT, day=DAY, at=INSTANT, by=TEXT_OR_NULL, holder=TEXT_OR_NULL, item=TEXT_OR_NULL, reason=TEXT))),
    "StickerSeries": shape(id=WHOLE, kind=one_of(*KINDS), first=TEXT, last=TEXT, received_on=DAY, supplier=TEXT,
                           note=TEXT, left=WHOLE, counts=shape(**dict.fromkeys(STATES, WHOLE)), url=TEXT),
    "StickerSeriesPage": page_of("StickerSeries"),
}
BODIES = {"NewStickers": body_of(ReceiveForm), "StickerMove": body_of(StickerMoveForm)}
