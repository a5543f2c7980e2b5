"""Answers kept for requests that are sent twice"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0049'
down_revision = '0048'


def upgrade() -> None:
    op.create_table(
        'api_answer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('request_digest', sa.Text(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=False),
        sa.Column('location', sa.Text(), nullable=False),
        sa.Column('etag', sa.Text(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_api_answer_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_api_answer')),
        sa.UniqueConstraint('user_id', 'key', name=op.f('uq_api_answer_user_id_key')))
    op.create_index(op.f('ix_api_answer_created_at'), 'api_answer', ['created_at'])
