"""Retention: rules, holds, disposals; a document's bytes may be emptied beside a disposal, and nothing else changed"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only, emptied_beside

revision = '0028'
down_revision = '0027'

INSTANT = lims.shared.db.UtcDateTime(timezone=True)
EMPTIED = {'certificate': ('id', ('record',)), 'certificate_document': ('certificate_id', ('content', 'container'))}


def person(table: str, name: str, nullable: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return reference(table, name, 'user_account', nullable)


def reference(table: str, name: str, target: str, nullable: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (sa.Column(name, sa.Integer(), nullable=nullable),
            sa.ForeignKeyConstraint([name], [f'{target}.id'], name=op.f(f'fk_{table}_{name}')))


def text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        'retention_rule', sa.Column('id', sa.Integer(), nullable=False), *text('kind'),
        sa.Column('years', sa.Integer(), nullable=False), sa.Column('valid_from', sa.Date(), nullable=False),
        *text('basis'), sa.Column('entered_at', INSTANT, nullable=False), *person('retention_rule', 'entered_by_id'),
        sa.CheckConstraint("kind IN ('calibration','verification','test','work_record')",
                           name=op.f('ck_retention_rule_kind')),
        sa.CheckConstraint('years BETWEEN 1 AND 100', name=op.f('ck_retention_rule_years')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_rule')))
    op.create_table(
        'legal_hold', sa.Column('id', sa.Integer(), nullable=False),
        *reference('legal_hold', 'certificate_id', 'certificate'), *text('reason'),
        sa.Column('placed_at', INSTANT, nullable=False), *person('legal_hold', 'placed_by_id'),
        sa.Column('lifted_at', INSTANT, nullable=True), *person('legal_hold', 'lifted_by_id', nullable=True),
        *text('lifted_why'), sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold')))
    op.create_index(op.f('ix_legal_hold_certificate_id'), 'legal_hold', ['certificate_id'])
    op.create_table(
        'disposal', sa.Column('id', sa.Integer(), nullable=False),
        *reference('disposal', 'certificate_id', 'certificate'), *reference('disposal', 'rule_id', 'retention_rule'),
        sa.Column('due_on', sa.Date(), nullable=False), *text('reason'), sa.Column('at', INSTANT, nullable=False),
        *person('disposal', 'by_id'), *text('record_digest', 'files'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_disposal')),
        sa.UniqueConstraint('certificate_id', name=op.f('uq_disposal_certificate_id')))
    bind = op.get_bind()
    for table in ('retention_rule', 'disposal'):
        for statement in append_only(bind.dialect.name, table):
            op.execute(statement)
    for table, (key, columns) in EMPTIED.items():
        kept = [column['name'] for column in sa.inspect(bind).get_columns(table) if column['name'] not in columns]
        for statement in emptied_beside(
                bind.dialect.name, table, f'EXISTS (SELECT 1 FROM disposal WHERE certificate_id = OLD.{key})', columns, kept):
            op.execute(statement)
