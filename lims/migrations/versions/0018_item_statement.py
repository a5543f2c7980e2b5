"""Statements of an item beside its results"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0018'
down_revision = '0017'


def upgrade() -> None:
    op.create_table(
        'item_statement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('text_vi', sa.Text(), nullable=False),
        sa.Column('text_en', sa.Text(), nullable=False),
        sa.Column('source_vi', sa.Text(), nullable=False),
        sa.Column('source_en', sa.Text(), nullable=False),
        sa.Column('affects_results', sa.Boolean(), nullable=False),
        sa.Column('given_by_id', sa.Integer(), nullable=False),
        sa.Column('given_by', sa.Text(), nullable=False),
        sa.Column('given_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('taken_back_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('sampling','external','customer_data','opinion')",
                           name=op.f('ck_item_statement_kind')),
        sa.CheckConstraint("kind NOT IN ('external','opinion') OR source_vi <> ''",
                           name=op.f('ck_item_statement_source')),
        sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_item_statement_item_id')),
        sa.ForeignKeyConstraint(['given_by_id'], ['user_account.id'], name=op.f('fk_item_statement_given_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_item_statement')))
    op.create_index('ix_item_statement_item_id', 'item_statement', ['item_id'])
