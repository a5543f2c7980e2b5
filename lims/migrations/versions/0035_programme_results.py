"""Result reports of programmes are frozen under their own numbers; patterns of numbers are data"""
import sqlalchemy as sa
from alembic import op

from lims.shared.schema import append_only

revision = '0035'
down_revision = '0034'


def upgrade() -> None:
    op.create_table(
        'programme_numbering', sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False), sa.Column('pattern', sa.Text(), nullable=False),
        sa.Column('next', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('programme','result')", name=op.f('ck_programme_numbering_kind')),
        sa.PrimaryKeyConstraint('kind', 'year', name=op.f('pk_programme_numbering')))
    op.execute("INSERT INTO programme_numbering (kind, year, pattern, next) "
               "SELECT 'programme', year, pattern, next FROM programme_series")
    op.drop_table('programme_series')
    op.create_table(
        'programme_result', sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False), sa.Column('number', sa.Text(), nullable=False),
        sa.Column('issued_on', sa.Date(), nullable=False), sa.Column('record', sa.JSON(), nullable=False),
        sa.Column('digest', sa.Text(), nullable=False), sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_result_programme_id')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_programme_result_file_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_programme_result_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_result')),
        sa.UniqueConstraint('programme_id', name=op.f('uq_programme_result_programme_id')),
        sa.UniqueConstraint('number', name=op.f('uq_programme_result_number')))
    for statement in append_only(op.get_bind().dialect.name, 'programme_result'):
        op.execute(statement)
