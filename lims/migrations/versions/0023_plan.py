"""The yearly plan: basis, items, targets, overrides, entries, difficulties, disagreements of the text"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

import lims.shared.db
from lims.shared.schema import append_only

revision = '0023'
down_revision = '0022'

INSTANT = lims.shared.db.UtcDateTime(timezone=True)
EXACT = lims.shared.db.ExactDecimal()


def text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def key(table: str, name: str, target: str, nullable: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (sa.Column(name, sa.Integer(), nullable=nullable),
            sa.ForeignKeyConstraint([name], [f'{target}.id'], name=op.f(f'fk_{table}_{name}')))


def table(name: str, *parts: SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(name, sa.Column('id', sa.Integer(), nullable=False), *parts,
                    sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')))
    for column in indexed:
        op.create_index(op.f(f'ix_{name}_{column}'), name, [column])


def upgrade() -> None:
    version = sa.Column('version', sa.Integer(), nullable=False)
    table('plan', sa.Column('year', sa.Integer(), nullable=False), *text('title', 'number'),
          sa.Column('issued_on', sa.Date(), nullable=True),
          *text('dated', 'superior', 'issuer', 'place', 'signed_for', 'signer_title', 'signer_name', 'goals',
                'recipients', 'funding', 'state'),
          sa.Column('created_at', INSTANT, nullable=False), version,
          sa.CheckConstraint("state IN ('draft','issued','closed')", name=op.f('ck_plan_state')),
          sa.UniqueConstraint('year', 'title', name=op.f('uq_plan_year_title')), indexed=('year',))
    table('plan_basis', *key('plan_basis', 'plan_id', 'plan'), sa.Column('position', sa.Integer(), nullable=False),
          *text('number'), sa.Column('issued_on', sa.Date(), nullable=True), *text('title'), indexed=('plan_id',))
    table('plan_item', *key('plan_item', 'plan_id', 'plan'), sa.Column('position', sa.Integer(), nullable=False),
          *text('mark'), sa.Column('heading', sa.Boolean(), nullable=False),
          *text('text', 'deliverable', 'lead', 'coordinating', 'schedule'),
          sa.Column('starts_on', sa.Date(), nullable=False), sa.Column('ends_on', sa.Date(), nullable=False),
          *text('funding'), *(sa.Column(name, EXACT, nullable=True) for name in
                              ('planned_amount', 'allotted_amount', 'spent_amount')),
          *key('plan_item', 'carried_from_id', 'plan_item', nullable=True), *text('state', 'state_reason'),
          sa.Column("version", sa.Integer(), nullable=False),
          sa.CheckConstraint("state IN ('open','done','dropped')", name=op.f('ck_plan_item_state')),
          sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_plan_item_period')),
          indexed=('plan_id', 'carried_from_id'))
    table('plan_target', *key('plan_target', 'item_id', 'plan_item'), sa.Column('position', sa.Integer(), nullable=False),
          *text('title', 'measure', 'comparator'), sa.Column('quantity', EXACT, nullable=False), *text('unit'),
          sa.Column('dropped', sa.Boolean(), nullable=False),
          *key('plan_target', 'carried_from_id', 'plan_target', nullable=True), sa.Column("version", sa.Integer(), nullable=False),
          sa.CheckConstraint("comparator IN ('>=','>','=','<=','<')", name=op.f('ck_plan_target_comparator')),
          indexed=('item_id', 'carried_from_id'))
    table('plan_override', *key('plan_override', 'target_id', 'plan_target'),
          sa.Column('value', EXACT, nullable=True), sa.Column('computed', EXACT, nullable=True), *text('reason'),
          sa.Column('at', INSTANT, nullable=False), *key('plan_override', 'by_id', 'user_account'),
          sa.CheckConstraint("reason <> ''", name=op.f('ck_plan_override_reason')), indexed=('target_id',))
    table('plan_entry', *key('plan_entry', 'item_id', 'plan_item'),
          *key('plan_entry', 'target_id', 'plan_target', nullable=True),
          sa.Column('happened_on', sa.Date(), nullable=False), *text('text'),
          sa.Column('quantity', EXACT, nullable=True), *text('link'),
          *key('plan_entry', 'file_id', 'stored_file', nullable=True), sa.Column('at', INSTANT, nullable=False),
          *key('plan_entry', 'by_id', 'user_account'), sa.Column('struck_at', INSTANT, nullable=True),
          *text('struck_reason'), indexed=('item_id', 'target_id'))
    table('plan_difficulty', *key('plan_difficulty', 'item_id', 'plan_item'),
          sa.Column('raised_on', sa.Date(), nullable=False), *key('plan_difficulty', 'raised_by_id', 'user_account'),
          *text('text', 'escalated_to'), sa.Column('escalated_on', sa.Date(), nullable=True), *text('resolution'),
          sa.Column('resolved_on', sa.Date(), nullable=True), sa.Column("version", sa.Integer(), nullable=False), indexed=('item_id',))
    table('plan_discrepancy', *key('plan_discrepancy', 'plan_id', 'plan'),
          *key('plan_discrepancy', 'item_id', 'plan_item', nullable=True),
          *text('one_place', 'one_says', 'other_place', 'other_says', 'settled'),
          sa.Column('settled_at', INSTANT, nullable=True),
          *key('plan_discrepancy', 'settled_by_id', 'user_account', nullable=True), indexed=('plan_id', 'item_id'))
    for statement in append_only(op.get_bind().dialect.name, 'plan_override'):
        op.execute(statement)
