"""Limits of a procedure in one room"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0047'
down_revision = '0046'


def upgrade() -> None:
    op.create_table('room_procedure_limit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('procedure_code', sa.Text(), nullable=False),
    sa.Column('quantity', sa.Text(), nullable=False),
    sa.Column('lower', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('upper', lims.shared.db.ExactDecimal(), nullable=True),
    sa.CheckConstraint("quantity IN ('temperature','humidity','pressure')", name=op.f('ck_room_procedure_limit_quantity')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_procedure_limit_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_procedure_limit')),
    sa.UniqueConstraint('room_id', 'procedure_code', 'quantity', name=op.f('uq_room_procedure_limit_room_id_procedure_code_quantity'))
    )
