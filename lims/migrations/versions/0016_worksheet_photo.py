"""Photographs of instruments and seals"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0016'
down_revision = '0015'


def upgrade() -> None:
    op.create_table(
        'worksheet_photo',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('worksheet_id', sa.Integer(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('taken_by_id', sa.Integer(), nullable=False),
        sa.Column('struck_because', sa.Text(), nullable=False),
        sa.Column('kept_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("subject IN ('instrument','seal','other')", name=op.f('ck_worksheet_photo_subject')),
        sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_worksheet_photo_worksheet_id')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_worksheet_photo_file_id')),
        sa.ForeignKeyConstraint(['taken_by_id'], ['user_account.id'], name=op.f('fk_worksheet_photo_taken_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_photo')))
    op.create_index('ix_worksheet_photo_worksheet_id', 'worksheet_photo', ['worksheet_id'])
