"""The order of the register is kept by schedule: a named schedule does not stand in the way of the main one"""
from alembic import op

revision = '0017'
down_revision = '0016'


def upgrade() -> None:
    op.drop_index('ix_schedule_order', table_name='schedule')
    op.create_index('ix_schedule_order', 'schedule', ['duty', 'label', 'due_on', 'standard_id'])
