"""Schedules: weeks, hours and counts of use, several under one duty, who acts, what it costs"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    with op.batch_alter_table('schedule') as batch_op:
        batch_op.add_column(sa.Column('label', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('used', lims.shared.db.ExactDecimal(), nullable=True))
        batch_op.add_column(sa.Column('responsible_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('team', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('provider', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('cost', lims.shared.db.ExactDecimal(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_schedule_responsible_id'), 'user_account', ['responsible_id'], ['id'])
        batch_op.drop_constraint(op.f('ck_schedule_unit'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_schedule_unit'), "interval_unit IN ('days','weeks','months','years','hours','uses')")
        batch_op.drop_constraint(op.f('uq_schedule_standard_id_duty'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_schedule_standard_id_duty_label'), ['standard_id', 'duty', 'label'])
        batch_op.create_index(op.f('ix_schedule_responsible_id'), ['responsible_id'], unique=False)
    with op.batch_alter_table('alert') as batch_op:
        batch_op.add_column(sa.Column('label', sa.Text(), nullable=False, server_default=''))
        batch_op.drop_constraint(op.f('uq_alert_standard_id_duty_due_on_stage'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_alert_standard_id_duty_label_due_on_stage'),
                                          ['standard_id', 'duty', 'label', 'due_on', 'stage'])
    op.add_column('duty_record', sa.Column('label', sa.Text(), nullable=True))
    op.create_table(
        'use_record',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('standard_id', sa.Integer(), nullable=False),
        sa.Column('used_on', sa.Date(), nullable=False),
        sa.Column('unit', sa.Text(), nullable=False),
        sa.Column('amount', lims.shared.db.ExactDecimal(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("unit IN ('hours','uses')", name=op.f('ck_use_record_unit')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_use_record_by_id')),
        sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_use_record_standard_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_use_record')))
    op.create_index('ix_use_record_standard', 'use_record', ['standard_id', 'unit', 'used_on'])
    for statement in append_only(op.get_bind().dialect.name, 'use_record'):
        op.execute(statement)
