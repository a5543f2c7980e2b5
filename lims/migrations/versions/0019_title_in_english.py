"""A person's position in English"""
import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'


def upgrade() -> None:
    op.add_column('user_account', sa.Column('title_en', sa.Text(), nullable=False, server_default=''))
