"""Requests behind stickers are bounded by one count for all processes"""
import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'


def upgrade() -> None:
    op.create_table(
        'owner_attempt',
        sa.Column('minute', sa.Integer(), nullable=False),
        sa.Column('mark', sa.Text(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('minute', 'mark', name=op.f('pk_owner_attempt')))
