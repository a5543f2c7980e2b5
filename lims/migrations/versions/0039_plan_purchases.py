"""Items of the yearly plan name the equipment bought for them"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0039'
down_revision = '0038'


def upgrade() -> None:
    op.create_table(
        'plan_purchase', sa.Column('purchase_id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['purchase_id'], ['coverage_purchase.id'],
                                name=op.f('fk_plan_purchase_purchase_id')),
        sa.ForeignKeyConstraint(['item_id'], ['plan_item.id'], name=op.f('fk_plan_purchase_item_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_plan_purchase_by_id')),
        sa.PrimaryKeyConstraint('purchase_id', name=op.f('pk_plan_purchase')))
    op.create_index(op.f('ix_plan_purchase_item_id'), 'plan_purchase', ['item_id'])
