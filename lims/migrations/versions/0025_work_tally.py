"""Tallies of closed months of work"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0025'
down_revision = '0024'


def upgrade() -> None:
    op.create_table(
        'work_tally',
        sa.Column('month', sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ('dimension', 'value', 'service', 'outcome')),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('number', 'promised', 'late', 'days')),
        sa.PrimaryKeyConstraint('month', 'dimension', 'value', 'service', 'outcome', name=op.f('pk_work_tally')))
    op.create_index('ix_work_tally_dimension', 'work_tally', ['dimension', 'month'])
    op.create_table(
        'work_month',
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('counted_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('month', name=op.f('pk_work_month')))
