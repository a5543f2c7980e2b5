"""From a day on, the values of a set are those of its parts' certificates; on a sheet such a whole has none of its own"""
import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0049'


def upgrade() -> None:
    op.add_column('standard', sa.Column('parts_from', sa.Date(), nullable=True))
    with op.batch_alter_table('worksheet_standard') as batch_op:
        batch_op.alter_column('certificate_id', existing_type=sa.Integer(), nullable=True)
