"""What the readings of an intermediate check are: the standard's value, or its indication"""
import sqlalchemy as sa
from alembic import op

revision = '0051'
down_revision = '0050'


def upgrade() -> None:
    with op.batch_alter_table('check_plan') as batch:
        batch.add_column(sa.Column('reads', sa.Text(), nullable=True))
        batch.create_check_constraint(op.f('ck_check_plan_reads'), "reads IN ('value','indication')")
