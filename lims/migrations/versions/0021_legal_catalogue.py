"""The legal catalogue in the database: editions, rows, readings, documents"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.legal import shipped
from lims.shared.schema import append_only

revision = '0021'
down_revision = '0020'


def upgrade() -> None:
    instant = lims.shared.db.UtcDateTime(timezone=True)
    edition = op.create_table(
        'legal_edition',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('document', sa.Text(), nullable=False),
        sa.Column('in_force_from', sa.Date(), nullable=False),
        sa.Column('whole', sa.Boolean(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('imported_by', sa.Text(), nullable=False),
        sa.Column('imported_at', instant, nullable=True),
        sa.Column('file_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_legal_edition_file_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_edition')))
    op.create_index(op.f('ix_legal_edition_in_force_from'), 'legal_edition', ['in_force_from'])
    flags = [sa.Column(name, sa.Text(), nullable=False)
             for name in ('type_approval', 'initial', 'periodic', 'after_repair')]
    row = op.create_table(
        'legal_row',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('edition_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('item', sa.Text(), nullable=False),
        sa.Column('name_vi', sa.Text(), nullable=False),
        sa.Column('name_en', sa.Text(), nullable=False),
        sa.Column('field', sa.Text(), nullable=False),
        *flags,
        sa.Column('counter', sa.Boolean(), nullable=False),
        sa.Column('cycle_months', sa.Integer(), nullable=True),
        sa.Column('evidence', sa.Text(), nullable=False),
        sa.Column('dlvn', sa.Text(), nullable=False),
        sa.Column('effective_from', sa.Date(), nullable=True),
        sa.Column('effective_to', sa.Date(), nullable=True),
        sa.Column('state', sa.Text(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ('source_vi', 'source_en', 'note_vi', 'note_en')],
        sa.ForeignKeyConstraint(['edition_id'], ['legal_edition.id'], name=op.f('fk_legal_row_edition_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_row')),
        sa.UniqueConstraint('key', name=op.f('uq_legal_row_key')))
    op.create_index(op.f('ix_legal_row_edition_id'), 'legal_row', ['edition_id'])
    op.create_index(op.f('ix_legal_row_item'), 'legal_row', ['item'])
    op.create_table(
        'legal_reading',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('read_values', sa.JSON(), nullable=False),
        sa.Column('document', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('read_by', sa.Text(), nullable=False),
        sa.Column('at', instant, nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_reading')),
        sa.UniqueConstraint('subject', 'revision', name=op.f('uq_legal_reading_subject_revision')))
    op.create_index(op.f('ix_legal_reading_subject'), 'legal_reading', ['subject'])
    document = op.create_table(
        'legal_document',
        sa.Column('id', sa.Integer(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ('kind', 'number', 'title_vi', 'title_en')],
        sa.Column('issued_on', sa.Date(), nullable=True),
        sa.Column('in_force_from', sa.Date(), nullable=True),
        *[sa.Column(name, sa.Text(), nullable=False)
          for name in ('status_vi', 'status_en', 'state', 'source_vi', 'source_en')],
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('law','form','dlvn')", name=op.f('ck_legal_document_kind')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_document')),
        sa.UniqueConstraint('kind', 'number', name=op.f('uq_legal_document_kind_number')))
    op.bulk_insert(edition, shipped.editions())
    op.bulk_insert(row, shipped.rows())
    op.bulk_insert(document, shipped.documents())
    if op.get_bind().dialect.name == 'postgresql':  # the next edition is numbered after those inserted with ids
        op.execute("SELECT setval(pg_get_serial_sequence('legal_edition', 'id'), (SELECT max(id) FROM legal_edition))")
    for table in ('legal_edition', 'legal_row', 'legal_reading'):
        for statement in append_only(op.get_bind().dialect.name, table):
            op.execute(statement)
