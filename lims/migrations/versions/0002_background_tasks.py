"""Background tasks, their failures and the files they make"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    instant = lims.shared.db.UtcDateTime(timezone=True)
    op.create_table('background_task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title_vi', sa.Text(), nullable=False),
    sa.Column('title_en', sa.Text(), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('requested_by_id', sa.Integer(), nullable=True),
    sa.Column('requested_by', sa.Text(), nullable=False),
    sa.Column('created_at', instant, nullable=False),
    sa.Column('not_before', instant, nullable=False),
    sa.Column('period', sa.Text(), nullable=True),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('stalled', sa.Integer(), nullable=False),
    sa.Column('worker', sa.Text(), nullable=False),
    sa.Column('heartbeat_at', instant, nullable=True),
    sa.Column('started_at', instant, nullable=True),
    sa.Column('finished_at', instant, nullable=True),
    sa.Column('cancel_requested', sa.Boolean(), nullable=False),
    sa.Column('error_vi', sa.Text(), nullable=False),
    sa.Column('error_en', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('waiting','running','done','failed','cancelled')", name=op.f('ck_background_task_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_background_task')),
    sa.UniqueConstraint('period', name=op.f('uq_background_task_period'))
    )
    with op.batch_alter_table('background_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_background_task_requested_by_id'), ['requested_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_background_task_state'), ['state'], unique=False)

    op.create_table('task_failure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.Text(), nullable=False),
    sa.Column('reason_vi', sa.Text(), nullable=False),
    sa.Column('reason_en', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['task_id'], ['background_task.id'], name=op.f('fk_task_failure_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_failure')),
    sa.UniqueConstraint('task_id', 'item', name=op.f('uq_task_failure_task_id_item'))
    )
    op.create_table('task_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('expires_at', instant, nullable=False),
    sa.ForeignKeyConstraint(['task_id'], ['background_task.id'], name=op.f('fk_task_file_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_file'))
    )
    with op.batch_alter_table('task_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_file_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_file_task_id'), ['task_id'], unique=False)

    op.create_table('task_file_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['task_file.id'], name=op.f('fk_task_file_part_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_file_part')),
    sa.UniqueConstraint('file_id', 'position', name=op.f('uq_task_file_part_file_id_position'))
    )
