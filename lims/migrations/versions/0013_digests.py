"""Alerts reach a person in one message a day; who put one off and why"""
import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table(
        'alert_notice',
        sa.Column('alert_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_notice_alert_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_alert_notice_user_id')),
        sa.ForeignKeyConstraint(['message_id'], ['outbox_message.id'], name=op.f('fk_alert_notice_message_id')),
        sa.PrimaryKeyConstraint('alert_id', 'user_id', name=op.f('pk_alert_notice')))
    op.create_index(op.f('ix_alert_notice_message_id'), 'alert_notice', ['message_id'])
    # what was announced before is not announced again
    op.execute("INSERT INTO alert_notice (alert_id, user_id, message_id) "
               "SELECT o.alert_id, u.id, min(o.id) FROM outbox_message o JOIN user_account u ON u.email = o.recipient "
               "WHERE o.alert_id IS NOT NULL GROUP BY o.alert_id, u.id")
    op.execute("ALTER TABLE alert ADD COLUMN snoozed_by_id INTEGER "
               "CONSTRAINT fk_alert_snoozed_by_id REFERENCES user_account (id)")
    op.add_column('alert', sa.Column('snooze_reason', sa.Text(), nullable=False, server_default=''))
