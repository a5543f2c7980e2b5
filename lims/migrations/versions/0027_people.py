"""Competence: events, training needs, papers of persons, lapses by disuse; alerts of what expires for a person"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

import lims.shared.db
from lims.shared.schema import append_only

revision = '0027'
down_revision = '0026'

INSTANT = lims.shared.db.UtcDateTime(timezone=True)


def text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def day(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, INSTANT, nullable=nullable)


def key(table: str, name: str, target: str, nullable: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (sa.Column(name, sa.Integer(), nullable=nullable),
            sa.ForeignKeyConstraint([name], [f'{target}.id'], name=op.f(f'fk_{table}_{name}')))


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f'ck_{table}_{name}'))


def table(name: str, *parts: SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(name, sa.Column('id', sa.Integer(), nullable=False), *parts,
                    sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')))
    for column in indexed:
        op.create_index(op.f(f'ix_{name}_{column}'), name, [column])


def upgrade() -> None:
    for name, default in (('disuse_months', '12'), ('least_qualified', '2')):
        op.add_column('organisation', sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    with op.batch_alter_table('officer_card', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decision', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('end_reason', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('file_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_officer_card_file_id'), 'stored_file', ['file_id'], ['id'])
    table('person_paper', *key('person_paper', 'user_id', 'user_account'),
          *text('kind', 'title', 'number', 'issued_by'), day('issued_on'), day('valid_to', True),
          *key('person_paper', 'file_id', 'stored_file', True), instant('entered_at'), day('ended_on', True),
          *text('end_reason'),
          check('person_paper', 'kind', "kind IN ('degree','course','certificate','decision')"),
          check('person_paper', 'period', 'valid_to IS NULL OR valid_to >= issued_on'), indexed=('user_id',))
    table('training_need', *key('training_need', 'user_id', 'user_account'), *text('procedure_code', 'text'),
          day('target_on'), day('raised_on'), *key('training_need', 'raised_by_id', 'user_account'), *text('state'),
          day('closed_on', True), *text('outcome'),
          check('training_need', 'state', "state IN ('open','met','dropped')"), indexed=('user_id', 'target_on'))
    table('competence_event', *key('competence_event', 'user_id', 'user_account'), *text('kind'), day('happened_on'),
          day('until', True), *text('procedure_code', 'subject', 'by_whom', 'result'),
          *key('competence_event', 'need_id', 'training_need', True),
          *key('competence_event', 'file_id', 'stored_file', True), instant('entered_at'),
          *key('competence_event', 'entered_by_id', 'user_account'), instant('struck_at', True),
          *text('struck_reason'),
          check('competence_event', 'kind',
                "kind IN ('training','assessment','witnessed','supervised','comparison')"),
          check('competence_event', 'result', "result IN ('passed','failed','attended')"),
          check('competence_event', 'period', 'until IS NULL OR until >= happened_on'),
          indexed=('user_id', 'happened_on', 'need_id'))
    table('lapse_decision', *key('lapse_decision', 'authorisation_id', 'authorisation'), *text('decision', 'reason'),
          sa.Column('months', sa.Integer(), nullable=False), day('last_on', True), day('decided_on'),
          *key('lapse_decision', 'by_id', 'user_account'),
          check('lapse_decision', 'decision', "decision IN ('end','keep')"),
          check('lapse_decision', 'reason', "reason <> ''"), indexed=('authorisation_id',))
    table('person_alert', *key('person_alert', 'user_id', 'user_account'), *text('kind'),
          sa.Column('subject_id', sa.Integer(), nullable=False), *text('label'), day('due_on'),
          sa.Column('stage', sa.Integer(), nullable=False), instant('created_at'), instant('acknowledged_at', True),
          *key('person_alert', 'acknowledged_by_id', 'user_account', True), day('snoozed_until', True),
          *key('person_alert', 'snoozed_by_id', 'user_account', True), *text('snooze_reason'),
          sa.UniqueConstraint('kind', 'subject_id', 'due_on', 'stage', name=op.f(
              'uq_person_alert_kind_subject_id_due_on_stage')), indexed=('user_id',))
    op.create_table(
        'person_alert_notice', *key('person_alert_notice', 'alert_id', 'person_alert'),
        *key('person_alert_notice', 'user_id', 'user_account'),
        *key('person_alert_notice', 'message_id', 'outbox_message'),
        sa.PrimaryKeyConstraint('alert_id', 'user_id', name=op.f('pk_person_alert_notice')))
    op.create_index(op.f('ix_person_alert_notice_message_id'), 'person_alert_notice', ['message_id'])
    for statement in append_only(op.get_bind().dialect.name, 'lapse_decision'):
        op.execute(statement)
