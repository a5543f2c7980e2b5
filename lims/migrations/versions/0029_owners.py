"""Requests for a visit behind the sticker"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0029'
down_revision = '0028'


def upgrade() -> None:
    instant = lims.shared.db.UtcDateTime(timezone=True)
    op.create_table(
        'visit_request',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('certificate_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('phone', sa.Text(), nullable=False),
        sa.Column('preferred_on', sa.Date(), nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('asked_at', instant, nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('job_id', sa.Integer(), nullable=True),
        sa.Column('handled_by_id', sa.Integer(), nullable=True),
        sa.Column('handled_at', instant, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open','accepted','refused')", name=op.f('ck_visit_request_state')),
        sa.CheckConstraint("state <> 'refused' OR reason <> ''", name=op.f('ck_visit_request_reason')),
        sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_visit_request_certificate_id')),
        sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_visit_request_job_id')),
        sa.ForeignKeyConstraint(['handled_by_id'], ['user_account.id'], name=op.f('fk_visit_request_handled_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_request')))
    op.create_index(op.f('ix_visit_request_certificate_id'), 'visit_request', ['certificate_id'])
    op.create_index(op.f('ix_visit_request_state'), 'visit_request', ['state'])
