"""Lists page by key: the address holds the last key seen, so page 1,000 costs what page 1 costs."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import request, url_for

from lims.shared.db import session

Row = TypeVar("Row")
PAGE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows and the addresses of its neighbours (None at the ends)."""

    rows: Sequence[Row]
    prev_url: str | None
    next_url: str | None


def page_by_id(query: sa.Select[Any], key: Any, *, newest_first: bool = True, size: int = PAGE) -> Page[Any]:
    """A page ordered by a unique integer column; `after` / `before` in the address say where."""
    return _page(query, key, lambda row: getattr(row, key.key), newest_first, size)


def _page(query: sa.Select[Any], key: Any, value: Callable[[Any], int], descending: bool,
          size: int) -> Page[Any]:
    after, before = request.args.get("after", type=int), request.args.get("before", type=int)
    backwards = before is not None
    if after is not None:
        query = query.where(key < after if descending else key > after)
    elif before is not None:
        query = query.where(key > before if descending else key < before)
    order = key.desc() if descending != backwards else key.asc()
    rows = list(session().scalars(query.order_by(order).limit(size + 1)).unique())
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_prev, has_next = (more, True) if backwards else (after is not None, more)
    return Page(rows,
                address_of(before=value(rows[0])) if rows and has_prev else None,
                address_of(after=value(rows[-1])) if rows and has_next else None)


def address_of(**where: int | str) -> str:
    """The address that was asked for, with this key in the place of `after` and `before`."""
    kept = {key: value for key, value in request.args.items() if key not in ("after", "before")}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **kept, **where})
