"""Procedures as published rows: the shipped ones, the newest of each code, and the checked Procedure of a job item."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from instruments.library import shipped_names, shipped_text
from instruments.procedure import Procedure, ProcedureError, load_procedure, procedure_digest
from instruments.sheet import SheetLayout, layout
from lims.jobs.models import JobItem, ProcedureVersion
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound

_PARSED: dict[str, Procedure] = {}
"""Checked procedures by digest; a published text never changes, so nothing here ever goes stale."""


def publish(text: str, source: str, *, actor: tuple[str, str] | None = None) -> ProcedureVersion:
    """Publish a procedure file; the same text again is the row that stands already.

    Raises Invalid with the first fault of a file that is no procedure, and Conflict when this code, edition and
    version was published with another text.
    """
    digest = procedure_digest(text)
    known = _by_digest(digest)
    if known is not None:
        return known
    if digest not in _PARSED:
        try:
            _PARSED[digest] = load_procedure(text, source)
        except ProcedureError as error:
            first = error.faults[0]
            raise Invalid(f"Dòng {first.line}, {first.path}: {first.vi}",
                          f"Line {first.line}, {first.path}: {first.en}", "toml") from error
    return _insert(_PARSED[digest], text, actor)


def publish_shipped(*, actor: tuple[str, str] | None = None) -> list[ProcedureVersion]:
    """Publish every procedure that comes with the product; those already published are left as they are."""
    return [publish(shipped_text(name), name, actor=actor) for name in shipped_names()]


def current() -> list[tuple[ProcedureVersion, Procedure]]:
    """The newest publication of each code, ordered by code."""
    newest = sa.select(sa.func.max(ProcedureVersion.id)).group_by(ProcedureVersion.code)
    rows = session().scalars(sa.select(ProcedureVersion).where(ProcedureVersion.id.in_(newest))
                             .order_by(ProcedureVersion.code)).all()
    return list(zip(rows, parsed_all(rows), strict=True))


def published() -> list[tuple[ProcedureVersion, Procedure]]:
    """Every publication, oldest first."""
    rows = session().scalars(sa.select(ProcedureVersion).order_by(ProcedureVersion.id)).all()
    return list(zip(rows, parsed_all(rows), strict=True))


def version(version_id: int) -> ProcedureVersion:
    """The published row, or NotFound."""
    found = session().get(ProcedureVersion, version_id)
    if found is None:
        raise NotFound("Không có quy trình này.", "No such procedure.", "procedure_id")
    return found


def parsed(row: ProcedureVersion) -> Procedure:
    """The checked procedure of a published row; parsed once in this process."""
    if row.digest not in _PARSED:
        _PARSED[row.digest] = load_procedure(row.toml, f"{row.code}, {row.edition}")
    return _PARSED[row.digest]


def parsed_all(rows: Sequence[ProcedureVersion]) -> list[Procedure]:
    """The same of several; the texts that were not read in this process yet are asked for at once."""
    if missing := [row.id for row in rows if row.digest not in _PARSED]:
        session().scalars(sa.select(ProcedureVersion).where(ProcedureVersion.id.in_(missing))
                          .options(undefer(ProcedureVersion.toml))).all()
    return [parsed(row) for row in rows]


def procedure_of(item: JobItem) -> Procedure:
    """The procedure that this item was taken in for, in the version of that day."""
    return parsed(item.procedure)


def layout_for(procedure: Procedure, fields: Mapping[str, str]) -> SheetLayout:
    """The grid for an instrument with these field texts; kept, since a sheet asks for it at every reading."""
    _PARSED.setdefault(procedure.digest, procedure)
    return _layout(procedure.digest, tuple(sorted(fields.items())))


def _by_digest(digest: str) -> ProcedureVersion | None:
    return session().scalar(sa.select(ProcedureVersion).where(ProcedureVersion.digest == digest))


def _insert(procedure: Procedure, text: str, actor: tuple[str, str] | None) -> ProcedureVersion:
    with write("procedure.publish", actor=actor) as current_session:
        taken = current_session.scalar(sa.select(ProcedureVersion.id).where(
            ProcedureVersion.code == procedure.code, ProcedureVersion.edition == procedure.edition,
            ProcedureVersion.version == procedure.version))
        if taken is not None:
            raise Conflict(
                f"{procedure.code}, {procedure.edition}, bản {procedure.version} đã ban hành với nội dung khác; "
                "hãy tăng số bản (version).",
                f"{procedure.code}, {procedure.edition}, version {procedure.version} was published with another text; "
                "raise its version.", "toml")
        row = ProcedureVersion(code=procedure.code, edition=procedure.edition, version=procedure.version,
                               digest=procedure.digest, toml=text, published_at=clock.now())
        current_session.add(row)
    return row


def titles(language: str) -> list[tuple[str, str]]:
    """(code, title) of the newest publication of each procedure, for lists of other features."""
    return [(row.code, procedure.title.in_language(language)) for row, procedure in current()]


@lru_cache(maxsize=512)
def _layout(digest: str, fields: tuple[tuple[str, str], ...]) -> SheetLayout:
    return layout(_PARSED[digest], dict(fields))
