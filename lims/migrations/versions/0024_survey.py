"""Surveys of instruments at enterprises"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0024'
down_revision = '0023'

FROZEN = "(SELECT state FROM survey WHERE id = {row}.survey_id) = 'finished'"


def upgrade() -> None:
    moment = lims.shared.db.UtcDateTime(timezone=True)
    op.create_table(
        'survey_form',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('title_vi', sa.Text(), nullable=False),
        sa.Column('title_en', sa.Text(), nullable=False),
        sa.Column('questions', sa.JSON(), nullable=False),
        sa.Column('published_at', moment, nullable=False),
        sa.Column('published_by', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_form')),
        sa.UniqueConstraint('code', 'version', name=op.f('uq_survey_form_code_version')))
    op.create_table(
        'survey',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('form_id', sa.Integer(), nullable=False),
        sa.Column('visited_on', sa.Date(), nullable=False),
        sa.Column('team', sa.Text(), nullable=False),
        sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('findings', sa.Text(), nullable=False),
        sa.Column('recommendations', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('created_at', moment, nullable=False),
        sa.Column('created_by_id', sa.Integer(), nullable=False),
        sa.Column('finished_at', moment, nullable=True),
        sa.Column('finished_by_id', sa.Integer(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft','finished')", name=op.f('ck_survey_state')),
        sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_survey_customer_id')),
        sa.ForeignKeyConstraint(['form_id'], ['survey_form.id'], name=op.f('fk_survey_form_id')),
        sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_survey_created_by_id')),
        sa.ForeignKeyConstraint(['finished_by_id'], ['user_account.id'], name=op.f('fk_survey_finished_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey')),
        sa.UniqueConstraint('number', name=op.f('uq_survey_number')))
    for column in ('customer_id', 'visited_on', 'state'):
        op.create_index(f'ix_survey_{column}', 'survey', [column])
    op.create_table(
        'survey_row',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('survey_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('fields', sa.JSON(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('instrument_id', sa.Integer(), nullable=True),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('differences', sa.JSON(), nullable=False),
        sa.Column('advice', sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('','new','same','changed','kept')", name=op.f('ck_survey_row_outcome')),
        sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_row_survey_id')),
        sa.ForeignKeyConstraint(['instrument_id'], ['instrument.id'], name=op.f('fk_survey_row_instrument_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_row')),
        sa.UniqueConstraint('survey_id', 'key', name=op.f('uq_survey_row_survey_id_key')))
    op.create_index('ix_survey_row_instrument_id', 'survey_row', ['instrument_id'])
    op.create_index('ix_survey_row_advice', 'survey_row', ['advice'])
    op.create_table(
        'survey_photo',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('survey_id', sa.Integer(), nullable=False),
        sa.Column('row_key', sa.Text(), nullable=False),
        sa.Column('mark', sa.Text(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('taken_by_id', sa.Integer(), nullable=False),
        sa.Column('kept_at', moment, nullable=False),
        sa.Column('struck_because', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_photo_survey_id')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_survey_photo_file_id')),
        sa.ForeignKeyConstraint(['taken_by_id'], ['user_account.id'], name=op.f('fk_survey_photo_taken_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_photo')),
        sa.UniqueConstraint('survey_id', 'mark', name=op.f('uq_survey_photo_survey_id_mark')))
    op.create_index('ix_survey_photo_survey_id', 'survey_photo', ['survey_id'])
    op.create_table(
        'survey_record',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('survey_id', sa.Integer(), nullable=False),
        sa.Column('statement', sa.Text(), nullable=False),
        sa.Column('digest', sa.Text(), nullable=False),
        sa.Column('finished_at', moment, nullable=False),
        sa.Column('finished_by', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_record_survey_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_record')),
        sa.UniqueConstraint('survey_id', name=op.f('uq_survey_record_survey_id')))
    op.create_table(
        'survey_follow_up',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('row_id', sa.Integer(), nullable=False),
        sa.Column('job_id', sa.Integer(), nullable=False),
        sa.Column('made_at', moment, nullable=False),
        sa.ForeignKeyConstraint(['row_id'], ['survey_row.id'], name=op.f('fk_survey_follow_up_row_id')),
        sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_survey_follow_up_job_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_follow_up')),
        sa.UniqueConstraint('row_id', name=op.f('uq_survey_follow_up_row_id')))
    op.create_index('ix_survey_follow_up_job_id', 'survey_follow_up', ['job_id'])
    dialect = op.get_bind().dialect.name
    for table in ('survey_form', 'survey_record'):
        for statement in append_only(dialect, table):
            op.execute(statement)
    for statement in _frozen(dialect):
        op.execute(statement)


def _frozen(dialect: str) -> list[str]:
    """A finished survey, its rows and its photographs are changed by nobody."""
    if dialect == 'sqlite':
        made = [f"CREATE TRIGGER survey_frozen_{act.lower()} BEFORE {act} ON survey WHEN OLD.state = 'finished' "
                "BEGIN SELECT RAISE(ABORT, 'the survey is finished'); END" for act in ('UPDATE', 'DELETE')]
        for table in ('survey_row', 'survey_photo'):
            for act, row in (('INSERT', 'NEW'), ('UPDATE', 'OLD'), ('DELETE', 'OLD')):
                made.append(f"CREATE TRIGGER {table}_frozen_{act.lower()} BEFORE {act} ON {table} "
                            f"WHEN {FROZEN.format(row=row)} "
                            "BEGIN SELECT RAISE(ABORT, 'the survey is finished'); END")
        return made
    function = ("CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF {condition} THEN RAISE EXCEPTION 'the survey is finished'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$")
    part = ("(TG_OP <> 'INSERT' AND " + FROZEN.format(row='OLD') + ") OR (TG_OP <> 'DELETE' AND "
            + FROZEN.format(row='NEW') + ")")
    made = [function.format(name='survey_frozen', condition="OLD.state = 'finished'"),
            "CREATE TRIGGER survey_frozen BEFORE UPDATE OR DELETE ON survey "
            "FOR EACH ROW EXECUTE FUNCTION survey_frozen()",
            function.format(name='survey_part_frozen', condition=part)]
    return made + [f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                   "FOR EACH ROW EXECUTE FUNCTION survey_part_frozen()" for table in ('survey_row', 'survey_photo')]
