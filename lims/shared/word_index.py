"""The word index: objects are found by the beginnings of their words, in bounded time whatever their number.

Every row of a table announced by `index_words` keeps its folded words (its column `search`, see text.search_key) in
one table that both databases search by range. The session keeps it in step at each flush; it holds nothing that could
not be made again from the rows, so it is no subject of the audit trail.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.shared.db import Base, session
from lims.shared.text import search_key

LONGEST_WORD = 40
MOST_WORDS = 6
LOOKED_THROUGH = 2000
"""Objects that hold the rarest word of a query and are looked through for the others: the newest so many."""
AT_ONCE = 100
_END = "\U0010ffff"
_KINDS: dict[type[Base], str] = {}
_Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


class SearchWord(Base):
    """One word of one object."""

    __tablename__ = "search_word"
    kind: Mapped[str] = mapped_column(_Word, primary_key=True)
    word: Mapped[str] = mapped_column(_Word, primary_key=True)
    object_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    __table_args__ = (sa.Index("ix_search_word_object", "kind", "object_id", "word"),)


def index_words(model: type[Base], kind: str) -> None:
    """Announce a table with the columns `id` and `search`; `kind` names it in find()."""
    _KINDS[model] = kind


def install(session_class: Any) -> None:
    """Listen to this session factory."""
    event.listen(session_class, "after_flush", _keep_in_step)


def words_of(text: str) -> list[str]:
    """The distinct folded words of a text, as they are kept."""
    return sorted({word[:LONGEST_WORD] for word in search_key(text).split()})


def find(kind: str, text: str, limit: int) -> list[int]:
    """Ids of the objects in which every word of the text begins some word, whole words and the newest first.

    When every word is in more than LOOKED_THROUGH objects, only so many of the rarest are looked through: the newest of
    the whole word, the first of the longer ones."""
    words = words_of(text)[:MOST_WORDS]
    if not words:
        return []
    rarest = min(words, key=lambda word: (_count(kind, word), -len(word)))
    others = [word for word in words if word != rarest]
    whole = sa.select(SearchWord.object_id).where(SearchWord.kind == kind, SearchWord.word == rarest).order_by(
        SearchWord.object_id.desc()).limit(LOOKED_THROUGH)
    found = _holding(kind, session().scalars(whole).all(), others, limit)
    if len(found) < limit:
        longer = sa.select(SearchWord.object_id).where(
            SearchWord.kind == kind, _begins(SearchWord.word, rarest)).limit(LOOKED_THROUGH)
        known = set(found)
        more = sorted(set(session().scalars(longer)) - known, reverse=True)
        found += _holding(kind, more, others, limit - len(found))
    return found


def matching(kind: str, text: str, most: int) -> list[int] | None:
    """Ids of all objects in which every word of the text begins some word, in no order; None when each of its words is
    in more than `most` objects. A text without words matches nothing."""
    words = words_of(text)[:MOST_WORDS]
    counts = {word: _count(kind, word, most) for word in words}
    rarest = min(words, key=lambda word: (counts[word], -len(word)), default="")
    if not rarest:
        return []
    if counts[rarest] > most:
        return None
    holding = session().scalars(sa.select(SearchWord.object_id).where(
        SearchWord.kind == kind, _begins(SearchWord.word, rarest)).distinct()).all()
    return _holding(kind, holding, [word for word in words if word != rarest], len(holding))


def holds(kind: str, object_id: Any, text: str) -> list[sa.ColumnElement[bool]]:
    """Conditions on a statement's column of ids: every word of the text begins some word of that object."""
    # No range of words: these are for words that a great many objects hold, so the few of one object are looked at.
    return [sa.exists().where(SearchWord.kind == kind, SearchWord.object_id == object_id,
                              sa.func.substr(SearchWord.word, 1, len(word)) == word)
            for word in words_of(text)[:MOST_WORDS]]


def _count(kind: str, word: str, most: int = LOOKED_THROUGH) -> int:
    rows = sa.select(SearchWord.object_id).where(
        SearchWord.kind == kind, _begins(SearchWord.word, word)).limit(most + 1).subquery()
    return session().scalar(sa.select(sa.func.count()).select_from(rows)) or 0


def _holding(kind: str, candidates: Sequence[int], others: Sequence[str], limit: int) -> list[int]:
    """The first of the candidates that hold the other words too; looked up a hundred at a time."""
    found: list[int] = []
    for start in range(0, len(candidates), AT_ONCE):
        part = candidates[start:start + AT_ONCE]
        for word in others:
            holds = set(session().scalars(sa.select(SearchWord.object_id).where(
                SearchWord.kind == kind, SearchWord.object_id.in_(part), _begins(SearchWord.word, word))))
            part = [one for one in part if one in holds]
        found += part
        if len(found) >= limit:
            break
    return found[:limit]


def _begins(column: Any, word: str) -> Any:
    return sa.and_(column >= word, column < word + _END)


def _keep_in_step(current: Session, _context: Any) -> None:
    changed = [(row, _KINDS[type(row)]) for row in (*current.new, *current.dirty)
               if type(row) in _KINDS and inspect(row).attrs.search.history.has_changes()]
    gone = [(row, _KINDS[type(row)]) for row in current.deleted if type(row) in _KINDS]
    if not changed and not gone:
        return
    connection = current.connection()
    fresh = {id(row) for row in current.new}
    for row, kind in (*gone, *((row, kind) for row, kind in changed if id(row) not in fresh)):
        connection.execute(sa.delete(SearchWord).where(SearchWord.kind == kind, SearchWord.object_id == row.id))
    if rows := list(rows_for((kind, row.id, row.search) for row, kind in changed)):
        connection.execute(sa.insert(SearchWord), rows)


def rows_for(objects: Iterable[tuple[str, int, str]]) -> Iterable[dict[str, object]]:
    """Rows of the index for (kind, id, text of `search`)."""
    for kind, object_id, text in objects:
        for word in words_of(text):
            yield {"kind": kind, "word": word, "object_id": object_id}
