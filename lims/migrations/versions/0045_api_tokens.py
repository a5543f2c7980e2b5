"""Tokens of the API"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0045'
down_revision = '0044'


def upgrade() -> None:
    op.create_table(
        'api_token',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('scopes', sa.Text(), nullable=False),
        sa.Column('digest', sa.Text(), nullable=False),
        sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('expires_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('revoked_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_api_token_user_id_user_account')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
        sa.UniqueConstraint('digest', name=op.f('uq_api_token_digest')))
    op.create_index(op.f('ix_api_token_user_id'), 'api_token', ['user_id'])
