"""Bench loads and their positions"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    op.create_table(
        'bench_load',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('procedure_id', sa.Integer(), nullable=False),
        sa.Column('shared', sa.JSON(), nullable=False),
        sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('created_by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['procedure_id'], ['procedure_version.id'], name=op.f('fk_bench_load_procedure_id')),
        sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_bench_load_created_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bench_load')))
    op.create_index('ix_bench_load_procedure_id', 'bench_load', ['procedure_id'])
    op.create_table(
        'bench_position',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('load_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['load_id'], ['bench_load.id'], name=op.f('fk_bench_position_load_id')),
        sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_bench_position_item_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bench_position')),
        sa.UniqueConstraint('load_id', 'item_id', name=op.f('uq_bench_position_load_id_item_id')),
        sa.UniqueConstraint('load_id', 'position', name=op.f('uq_bench_position_load_id_position')))
    op.create_index('ix_bench_position_item_id', 'bench_position', ['item_id'])
