"""Drafts of procedures, and the reference cases with which one was published"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.create_table(
        'procedure_draft',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('toml', sa.Text(), nullable=False),
        sa.Column('cases', sa.Text(), nullable=False),
        sa.Column('based_on_id', sa.Integer(), nullable=True),
        sa.Column('published_as_id', sa.Integer(), nullable=True),
        sa.Column('written_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('written_by_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['based_on_id'], ['procedure_version.id'],
                                name=op.f('fk_procedure_draft_based_on_id')),
        sa.ForeignKeyConstraint(['published_as_id'], ['procedure_version.id'],
                                name=op.f('fk_procedure_draft_published_as_id')),
        sa.ForeignKeyConstraint(['written_by_id'], ['user_account.id'], name=op.f('fk_procedure_draft_written_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_procedure_draft')))
    op.create_table(
        'procedure_cases',
        sa.Column('procedure_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('cases', sa.Text(), nullable=False),
        sa.Column('published_by_id', sa.Integer(), nullable=False),
        sa.Column('drafted_by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['procedure_id'], ['procedure_version.id'],
                                name=op.f('fk_procedure_cases_procedure_id')),
        sa.ForeignKeyConstraint(['published_by_id'], ['user_account.id'],
                                name=op.f('fk_procedure_cases_published_by_id')),
        sa.ForeignKeyConstraint(['drafted_by_id'], ['user_account.id'], name=op.f('fk_procedure_cases_drafted_by_id')),
        sa.PrimaryKeyConstraint('procedure_id', name=op.f('pk_procedure_cases')))
    for statement in append_only(op.get_bind().dialect.name, 'procedure_cases'):
        op.execute(statement)
