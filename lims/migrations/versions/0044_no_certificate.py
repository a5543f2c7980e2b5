"""A verification that passed may be told by marks and sticker alone, without a certificate: why"""
import sqlalchemy as sa
from alembic import op

revision = '0044'
down_revision = '0043'


def upgrade() -> None:
    op.add_column('job_item', sa.Column('certificate_waived', sa.Text(), nullable=False, server_default=''))
