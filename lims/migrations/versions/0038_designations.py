"""Designations of the body to verify, and marks struck on instruments"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0038'
down_revision = '0037'


def upgrade() -> None:
    op.create_table(
        'legal_designation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('decision', sa.Text(), nullable=False),
        sa.Column('issued_by', sa.Text(), nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('fields', sa.Text(), nullable=False),
        sa.Column('items', sa.Text(), nullable=False),
        sa.Column('signed_on', sa.Date(), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('valid_to', sa.Date(), nullable=False),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.Column('end_reason', sa.Text(), nullable=False),
        sa.Column('recorded_by', sa.Text(), nullable=False),
        sa.Column('recorded_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_legal_designation_dates')),
        sa.CheckConstraint("ended_on IS NULL OR end_reason <> ''", name=op.f('ck_legal_designation_reason')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_designation')),
        sa.UniqueConstraint('decision', name=op.f('uq_legal_designation_decision')))
    op.create_table(
        'struck_mark',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('die', sa.Text(), nullable=False),
        sa.Column('mark_type', sa.Integer(), nullable=False),
        sa.Column('place', sa.Text(), nullable=False),
        sa.Column('way', sa.Text(), nullable=False),
        sa.Column('struck_on', sa.Date(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('removed_because', sa.Text(), nullable=False),
        sa.CheckConstraint('mark_type IN (1, 2)', name=op.f('ck_struck_mark_mark_type')),
        sa.CheckConstraint("way IN ('stamped','clamped','printed','engraved','painted')",
                           name=op.f('ck_struck_mark_way')),
        sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_struck_mark_item_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_struck_mark_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_struck_mark')))
    op.create_index(op.f('ix_struck_mark_item_id'), 'struck_mark', ['item_id'])
