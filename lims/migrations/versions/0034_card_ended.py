"""An officer's card keeps its printed last day; the day on which it ended early stands beside it"""
import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'


def upgrade() -> None:
    op.add_column('officer_card', sa.Column('ended_on', sa.Date(), nullable=True))
    # until now an early end was written over the printed day, which only the audit trail still knows
    op.execute("UPDATE officer_card SET ended_on = valid_to WHERE end_reason <> ''")
