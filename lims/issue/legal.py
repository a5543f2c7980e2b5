"""The legal list as it bears on one verification: the row of the day, whether it may carry a verdict, who confirmed."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from instruments.kinds import kind as kind_of
from instruments.legal import LegalRow, NoLegalRow, legal_rows, may_carry_verdict, period_on
from instruments.procedure import Procedure
from lims.auth.models import User
from lims.issue.models import LegalConfirmation
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.text import clean


@dataclass(frozen=True)
class LegalBasis:
    """The list's row for an instrument on the day of verification."""

    row: LegalRow
    may_carry_verdict: bool
    confirmed_by: str = ""
    """Basis of the administrator's confirmation, as printed; empty when the row was read in its source."""

    def serves(self, regime: str) -> bool:
        """Whether the list foresees this regime; a request for another reason stands outside the list."""
        return regime == "other" or self.row.regimes is None or regime in self.row.regimes


def basis_on(item: str | None, on: date) -> LegalBasis | None:
    """The row of a legal item on a day, with its confirmation; None for an instrument outside the list (group 1)."""
    if not item:
        return None
    try:
        row = period_on(item, on)
    except NoLegalRow:
        return None
    found = session().get(LegalConfirmation, row.key)
    confirmed = {found.row_key} if found else set()
    return LegalBasis(row, may_carry_verdict(row, confirmed), found.basis if found else "")


def items_of(procedure: Procedure) -> set[str]:
    """Items of the list that a procedure serves: its own, and those of its kinds of instrument."""
    named = {procedure.validity.legal_item, *(item_of(kind) for kind in procedure.kinds)}
    return {item for item in named if item}


def item_of(kind: str) -> str | None:
    """The item of a kind of instrument; None for group 1 and for a kind that the catalogue does not know."""
    try:
        return kind_of(kind).legal_item
    except KeyError:
        return None


def unconfirmed_on(on: date) -> list[LegalRow]:
    """Rows in force on the day that wait for a confirmation, in the order of the list."""
    confirmed = set(session().scalars(sa.select(LegalConfirmation.row_key)))
    return [row for row in legal_rows() if row.in_force(on) and not may_carry_verdict(row, confirmed)]


def confirmations() -> list[LegalConfirmation]:
    """Every confirmation, newest first."""
    return list(session().scalars(sa.select(LegalConfirmation).order_by(LegalConfirmation.at.desc())))


def confirm(row_key: str, basis: str, user: User) -> None:
    """Record that a row was compared with its original. Raises NotFound, Invalid at `basis`, or Conflict."""
    if row_key not in {row.key for row in legal_rows()}:
        raise NotFound("Danh mục không có dòng này.", "The list has no such row.", "row_key")
    basis = clean(basis)
    if not basis:
        raise Invalid("Hãy ghi đã đối chiếu với văn bản nào.", "Say which original it was compared with.", "basis")
    with write("legal.confirm", reason=basis, actor=(str(user.id), user.full_name)) as current:
        if current.get(LegalConfirmation, row_key) is not None:
            raise Conflict("Dòng này đã được xác nhận.", "This row has been confirmed already.")
        current.add(LegalConfirmation(row_key=row_key, basis=basis, by=user.full_name, at=clock.now()))
