"""A line of every schedule and tallies of the lines, so that the register need not be counted"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.equipment.tally import rebuild

revision = '0022'
down_revision = '0021'


def upgrade() -> None:
    op.create_table(
        'duty_line',
        sa.Column('schedule_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('standard_id', sa.Integer(), nullable=False),
        sa.Column('main', sa.Boolean(), nullable=False),
        sa.Column('planned', sa.Boolean(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('quantity', sa.Text(), nullable=False),
        sa.Column('custodian_id', sa.Integer(), nullable=True),
        sa.Column('last_done_on', sa.Date(), nullable=True),
        sa.Column('duty', sa.Text(), nullable=False),
        sa.Column('interval_count', sa.Integer(), nullable=False),
        sa.Column('interval_unit', sa.Text(), nullable=False),
        sa.Column('provider', sa.Text(), nullable=False),
        sa.Column('cost', lims.shared.db.ExactDecimal(), nullable=True),
        sa.PrimaryKeyConstraint('schedule_id', name=op.f('pk_duty_line')))
    op.create_index('ix_duty_line_standard_id', 'duty_line', ['standard_id'])
    op.create_index('ix_duty_line_order', 'duty_line', ['main', 'due_on', 'standard_id'])
    for column in ('quantity', 'custodian_id', 'state'):
        op.create_index(f"ix_duty_line_{column.removesuffix('_id')}", 'duty_line',
                        ['main', column, 'due_on', 'standard_id'])
    op.create_index('ix_duty_line_due', 'duty_line', ['planned', 'due_on', 'schedule_id'])
    op.create_table(
        'recall_tally',
        sa.Column('dimension', sa.Text(), nullable=False),
        sa.Column('value', sa.Text(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('away', sa.Boolean(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('dimension', 'value', 'due_on', 'away', name=op.f('pk_recall_tally')))
    op.create_table(
        'plan_tally',
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('last_done_on', sa.Date(), nullable=False),
        sa.Column('duty', sa.Text(), nullable=False),
        sa.Column('interval_count', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('interval_unit', sa.Text(), nullable=False),
        sa.Column('provider', sa.Text(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('costed', sa.Integer(), nullable=False),
        sa.Column('cost', lims.shared.db.ExactDecimal(), nullable=False),
        sa.PrimaryKeyConstraint('due_on', 'last_done_on', 'duty', 'interval_count', 'interval_unit', 'provider',
                                name=op.f('pk_plan_tally')))
    rebuild(op.get_bind())
