"""Job records have a time of keeping too; readings, results and photographs may be emptied beside a disposal"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only, changed_only_where, emptied_beside

revision = '0036'
down_revision = '0035'

INSTANT = lims.shared.db.UtcDateTime(timezone=True)
KINDS = ('calibration', 'verification', 'test', 'work_record')
OF_SHEET = 'EXISTS (SELECT 1 FROM work_disposal WHERE worksheet_id = OLD.worksheet_id)'
OF_PHOTO = ('EXISTS (SELECT 1 FROM work_disposal d JOIN worksheet_photo p ON p.worksheet_id = d.worksheet_id '
            'WHERE p.file_id = OLD.id)')
GONE = '[null,"•"]'


def upgrade() -> None:
    bind = op.get_bind()
    dialect = bind.dialect.name
    op.create_table(
        'work_disposal', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('worksheet_id', sa.Integer(), nullable=False), sa.Column('years', sa.Integer(), nullable=False),
        sa.Column('basis', sa.Text(), nullable=False), sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False), sa.Column('at', INSTANT, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False), sa.Column('contents', sa.Text(), nullable=False),
        sa.Column('trail', sa.Text(), nullable=False), sa.Column('trail_sha256', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_work_disposal_worksheet_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_work_disposal_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_work_disposal')),
        sa.UniqueConstraint('worksheet_id', name=op.f('uq_work_disposal_worksheet_id')))
    op.create_index(op.f('ix_worksheet_photo_file_id'), 'worksheet_photo', ['file_id'])
    _kinds(dialect)
    statements = append_only(dialect, 'work_disposal')
    for table, disposed, emptied, numbers in (('observation', OF_SHEET, ('text',), ('value',)),
                                              ('result', OF_SHEET, ('evaluation',), ()),
                                              ('stored_file', OF_PHOTO, ('content',), ())):
        kept = [column['name'] for column in sa.inspect(bind).get_columns(table)
                if column['name'] not in (*emptied, *numbers)]
        statements += emptied_beside(dialect, table, disposed, emptied, kept, numbers)
    for statement in statements + changed_only_where(dialect, 'audit_event', _trail(dialect)):
        op.execute(statement)


def _kinds(dialect: str) -> None:
    """The list of kinds is written into the table: SQLite makes it anew, and its guards with it."""
    wanted = ','.join(f"'{kind}'" for kind in (*KINDS, 'job'))
    with op.batch_alter_table('retention_rule') as batch:
        batch.drop_constraint(op.f('ck_retention_rule_kind'), type_='check')
        batch.create_check_constraint('kind', sa.text(f'kind IN ({wanted})'))
    if dialect == 'sqlite':
        for statement in append_only(dialect, 'retention_rule'):
            op.execute(statement)


def _trail(dialect: str) -> str:
    """What the trail says of a reading or a result of a disposed sheet may lose what was typed or computed."""
    same = 'NEW.id = OLD.id AND NEW.seq = OLD.seq AND NEW.position = OLD.position AND NEW.entity = OLD.entity ' \
           'AND NEW.entity_id = OLD.entity_id AND NEW.operation = OLD.operation'
    cases = []
    for table, emptied in (('observation', ('text', 'value')), ('result', ('evaluation',))):
        if dialect == 'sqlite':
            paths = ', '.join(f"'$.{column}'" for column in emptied)
            rest = f'json_remove(NEW.changes, {paths}) = json_remove(OLD.changes, {paths})'
            gone = ' AND '.join(f"coalesce(json_extract(NEW.changes, '$.{column}'), '{GONE}') = '{GONE}'"
                                for column in emptied)
            row = 'CAST(OLD.entity_id AS INTEGER)'
        else:
            names = ', '.join(f"'{column}'" for column in emptied)
            rest = f'(NEW.changes::jsonb - ARRAY[{names}]) = (OLD.changes::jsonb - ARRAY[{names}])'
            gone = ' AND '.join(f"coalesce(NEW.changes::jsonb -> '{column}', '{GONE}'::jsonb) = '{GONE}'::jsonb"
                                for column in emptied)
            row = 'OLD.entity_id::integer'
        cases.append(f"(OLD.entity = '{table}' AND {rest} AND {gone} AND EXISTS (SELECT 1 FROM work_disposal d "
                     f'JOIN {table} r ON r.worksheet_id = d.worksheet_id WHERE r.id = {row}))')
    return f"{same} AND ({' OR '.join(cases)})"
