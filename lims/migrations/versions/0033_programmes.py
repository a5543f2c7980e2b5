"""Measurement-assurance programmes: template, text, measurements, actions, experts, issued documents"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

import lims.shared.db
from lims.shared.schema import append_only

revision = '0033'
down_revision = '0032'

INSTANT = lims.shared.db.UtcDateTime(timezone=True)
EXACT = lims.shared.db.ExactDecimal()


def text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def days(*names: str, nullable: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.Date(), nullable=nullable) for name in names]


def numbers(*names: str, nullable: bool = True) -> list[sa.Column]:
    return [sa.Column(name, EXACT, nullable=nullable) for name in names]


def whole(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


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
    table('programme_template', sa.Column('parts', sa.JSON(), nullable=False),
          sa.Column('at', INSTANT, nullable=False), *key('programme_template', 'by_id', 'user_account'))
    table('programme', *key('programme', 'customer_id', 'customer'), *text('title'), *days('first_on', 'last_on'),
          *text('basis'), *numbers('wanted_ratio', nullable=False), *text('state'), *whole('edition'),
          *key('programme', 'replaces_id', 'programme', True), *text('change_reason'),
          *key('programme', 'prepared_by_id', 'user_account'), sa.Column('created_at', INSTANT, nullable=False),
          *text('closing'), *whole('version'),
          check('programme', 'state', "state IN ('draft','issued','closed','superseded')"),
          check('programme', 'period', 'last_on > first_on'), indexed=('customer_id', 'replaces_id'))
    table('programme_part', *key('programme_part', 'programme_id', 'programme'), *whole('position'),
          *text('kind', 'title', 'hint', 'body', 'gap', 'cause'),
          check('programme_part', 'kind', "kind IN ('section','topic')"), indexed=('programme_id',))
    table('programme_measurement', *key('programme_measurement', 'programme_id', 'programme'), *text('what'),
          *key('programme_measurement', 'instrument_id', 'instrument', True), *text('unit'),
          *numbers('lower', 'upper', 'expanded'), *numbers('factor', nullable=False), *numbers('permissible'),
          *text('source'), indexed=('programme_id', 'instrument_id'))
    table('programme_action', *key('programme_action', 'programme_id', 'programme'),
          *key('programme_action', 'measurement_id', 'programme_measurement', True), *text('gap', 'kind', 'text', 'owner'),
          *days('due_on'), *numbers('cost'), *text('state'), *days('done_on', nullable=True),
          *text('result', 'effect', 'effect_note'),
          check('programme_action', 'state', "state IN ('open','done','dropped')"),
          check('programme_action', 'effect', "effect IN ('','effective','partly','ineffective')"),
          indexed=('programme_id', 'measurement_id'))
    table('programme_expert', *key('programme_expert', 'programme_id', 'programme'),
          *text('name', 'body', 'role', 'decision'),
          check('programme_expert', 'role', "role IN ('leader','secretary','member')"), indexed=('programme_id',))
    op.create_table('programme_series', sa.Column('year', sa.Integer(), nullable=False, autoincrement=False),
                    *text('pattern'), *whole('next'), sa.PrimaryKeyConstraint('year', name=op.f('pk_programme_series')))
    table('programme_document', *key('programme_document', 'programme_id', 'programme'), *text('number'),
          *days('issued_on'), sa.Column('record', sa.JSON(), nullable=False), *text('digest'),
          *key('programme_document', 'file_id', 'stored_file'), *key('programme_document', 'by_id', 'user_account'),
          sa.UniqueConstraint('programme_id', name=op.f('uq_programme_document_programme_id')),
          sa.UniqueConstraint('number', name=op.f('uq_programme_document_number')))
    for name in ('programme_template', 'programme_document'):
        for statement in append_only(op.get_bind().dialect.name, name):
            op.execute(statement)
