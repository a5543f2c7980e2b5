"""Reasons of a verification; stickers and seals: series, numbers, moves, counts"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0026'
down_revision = '0025'


def upgrade() -> None:
    instant = lims.shared.db.UtcDateTime(timezone=True)
    for name in ('regime_reason', 'regime_note', 'sticker_waived'):
        op.add_column('job_item', sa.Column(name, sa.Text(), nullable=False, server_default=''))
    op.create_table(
        'sticker_series',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('prefix', sa.Text(), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('last', sa.Integer(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('received_on', sa.Date(), nullable=False),
        sa.Column('supplier', sa.Text(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('verification','calibration','seal')", name=op.f('ck_sticker_series_kind')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sticker_series')))
    op.create_table(
        'sticker',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('series_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('serial', sa.Integer(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('holder_id', sa.Integer(), nullable=True),
        sa.Column('job_id', sa.Integer(), nullable=True),
        sa.Column('item_id', sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('stock','assigned','drawn','used','spoiled','lost','void')",
                           name=op.f('ck_sticker_state')),
        sa.CheckConstraint("(state IN ('drawn','used')) = (item_id IS NOT NULL) OR state = 'void'",
                           name=op.f('ck_sticker_item')),
        sa.ForeignKeyConstraint(['series_id'], ['sticker_series.id'], name=op.f('fk_sticker_series_id')),
        sa.ForeignKeyConstraint(['holder_id'], ['user_account.id'], name=op.f('fk_sticker_holder_id')),
        sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_sticker_job_id')),
        sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_sticker_item_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sticker')),
        sa.UniqueConstraint('kind', 'number', name=op.f('uq_sticker_kind_number')),
        sa.UniqueConstraint('series_id', 'serial', name=op.f('uq_sticker_series_id_serial')))
    for name in ('holder_id', 'item_id'):
        op.create_index(op.f(f'ix_sticker_{name}'), 'sticker', [name])
    op.create_table(
        'sticker_move',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('series_id', sa.Integer(), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('last', sa.Integer(), nullable=False),
        sa.Column('act', sa.Text(), nullable=False),
        sa.Column('holder_id', sa.Integer(), nullable=True),
        sa.Column('item_code', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('at', instant, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint("act IN ('receive','assign','return','draw','release','use','spoil','lose','void')",
                           name=op.f('ck_sticker_move_act')),
        sa.ForeignKeyConstraint(['series_id'], ['sticker_series.id'], name=op.f('fk_sticker_move_series_id')),
        sa.ForeignKeyConstraint(['holder_id'], ['user_account.id'], name=op.f('fk_sticker_move_holder_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_sticker_move_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sticker_move')))
    op.create_index('ix_sticker_move_day', 'sticker_move', ['day', 'holder_id'])
    op.create_index(op.f('ix_sticker_move_series_id'), 'sticker_move', ['series_id'])
    op.create_table(
        'sticker_count',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('holder_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('expected', sa.Integer(), nullable=False),
        sa.Column('counted', sa.Integer(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('at', instant, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("counted = expected OR note <> ''", name=op.f('ck_sticker_count_difference')),
        sa.ForeignKeyConstraint(['holder_id'], ['user_account.id'], name=op.f('fk_sticker_count_holder_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_sticker_count_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sticker_count')))
    op.create_index('ix_sticker_count_day', 'sticker_count', ['day', 'holder_id'])
    for table in ('sticker_move', 'sticker_count'):
        for statement in append_only(op.get_bind().dialect.name, table):
            op.execute(statement)
