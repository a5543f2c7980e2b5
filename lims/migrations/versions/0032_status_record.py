"""Status records of fuel dispensers"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0032'
down_revision = '0031'


def upgrade() -> None:
    op.create_table(
        'status_record',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('instrument_id', sa.Integer(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('taken_on', sa.Date(), nullable=False),
        sa.Column('entries', sa.JSON(), nullable=False),
        sa.Column('totaliser', sa.Text(), nullable=False),
        sa.Column('explanation', sa.Text(), nullable=False),
        sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_status_record_item_id')),
        sa.ForeignKeyConstraint(['instrument_id'], ['instrument.id'], name=op.f('fk_status_record_instrument_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_status_record_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_status_record')),
        sa.UniqueConstraint('item_id', 'revision', name=op.f('uq_status_record_item_id_revision')))
    op.create_index(op.f('ix_status_record_instrument_id'), 'status_record', ['instrument_id'])
    for statement in append_only(op.get_bind().dialect.name, 'status_record'):
        op.execute(statement)
