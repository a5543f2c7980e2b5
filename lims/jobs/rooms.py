"""Where a sheet was measured: the room whose recorded conditions stand behind the typed ones."""
from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.equipment.rooms import Room
from lims.shared.db import Base


class WorksheetRoom(Base):
    """The room of one sheet; none for work at the customer's."""

    __tablename__ = "worksheet_room"
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"), primary_key=True, autoincrement=False)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), index=True)
    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)
