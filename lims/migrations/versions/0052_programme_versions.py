"""Parts, measurements and actions of a programme carry a version, so that nobody overwrites them unseen"""
import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'


def upgrade() -> None:
    for table in ('programme_part', 'programme_measurement', 'programme_action'):
        op.add_column(table, sa.Column('version', sa.Integer(), server_default='1', nullable=False))
