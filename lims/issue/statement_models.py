"""What a document states beside its results: sampling, results of others, the customer's data, opinions."""
from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lims.shared.db import Base

KINDS = ("sampling", "external", "customer_data", "opinion")


class ItemStatement(Base):
    """One statement of an item (ISO/IEC 17025 7.8.2.1 k and p, 7.8.2.2, 7.8.7). A row's words never change: whoever
    corrects it takes it back and writes another.

    `source_vi` and `source_en`: the provider of an external result, the basis of an opinion. `affects_results`: data of
    the customer that can affect the validity of the results. `given_by`: the name as it is printed with an opinion."""

    __tablename__ = "item_statement"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("job_item.id"), index=True)
    kind: Mapped[str]
    text_vi: Mapped[str]
    text_en: Mapped[str] = mapped_column(default="")
    source_vi: Mapped[str] = mapped_column(default="")
    source_en: Mapped[str] = mapped_column(default="")
    affects_results: Mapped[bool] = mapped_column(default=False)
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    given_by: Mapped[str]
    given_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    __table_args__ = (
        sa.CheckConstraint("kind IN ('sampling','external','customer_data','opinion')", name="kind"),
        sa.CheckConstraint("kind NOT IN ('external','opinion') OR source_vi <> ''", name="source"),
    )
