"""Equipment bought for rows of the group-2 list"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0030'
down_revision = '0029'


def upgrade() -> None:
    op.create_table(
        'coverage_purchase',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('plan_reference', sa.Text(), nullable=False),
        sa.Column('decision', sa.Text(), nullable=False),
        sa.Column('delivered_on', sa.Date(), nullable=True),
        sa.Column('standard_id', sa.Integer(), nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('created_by_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_coverage_purchase_standard_id')),
        sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'],
                                name=op.f('fk_coverage_purchase_created_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage_purchase')))
    op.create_index('ix_coverage_purchase_item', 'coverage_purchase', ['item'])
    op.create_index('ix_coverage_purchase_standard_id', 'coverage_purchase', ['standard_id'])
