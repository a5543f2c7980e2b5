"""The register of capabilities (CMC)"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.create_table(
        'capability',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('field', sa.Text(), nullable=False),
        sa.Column('quantity', sa.Text(), nullable=False),
        sa.Column('lower', lims.shared.db.ExactDecimal(), nullable=False),
        sa.Column('upper', lims.shared.db.ExactDecimal(), nullable=False),
        sa.Column('unit', sa.Text(), nullable=False),
        sa.Column('form', sa.Text(), nullable=False),
        sa.Column('a', lims.shared.db.ExactDecimal(), nullable=True),
        sa.Column('b', lims.shared.db.ExactDecimal(), nullable=True),
        sa.Column('points', sa.JSON(), nullable=False),
        sa.Column('cmc_unit', sa.Text(), nullable=False),
        sa.Column('procedures', sa.JSON(), nullable=False),
        sa.Column('reference', sa.Text(), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('valid_to', sa.Date(), nullable=True),
        sa.Column('ended_because', sa.Text(), nullable=False),
        sa.Column('entered_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('entered_by_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("form IN ('value','linear','quadratic','points')", name=op.f('ck_capability_form')),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f('ck_capability_validity')),
        sa.ForeignKeyConstraint(['entered_by_id'], ['user_account.id'], name=op.f('fk_capability_entered_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_capability')))
    op.create_index('ix_capability_quantity', 'capability', ['quantity'])
