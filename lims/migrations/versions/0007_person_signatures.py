"""Certificates of persons, and documents signed by them later"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table('person_certificate',
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('certificate', sa.LargeBinary(), nullable=False),
    sa.Column('valid_from', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('valid_to', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('registered_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_person_certificate_user_id')),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_person_certificate'))
    )
    with op.batch_alter_table('person_certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_certificate_user_id'), ['user_id'], unique=False)
    op.create_table('person_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('signer', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('signed_with', sa.LargeBinary(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('stated_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('stamped_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('accepted_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('accepted_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['user_account.id'], name=op.f('fk_person_signature_accepted_by_id')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_person_signature_certificate_id')),
    sa.ForeignKeyConstraint(['document_id'], ['certificate_document.id'], name=op.f('fk_person_signature_document_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_person_signature_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_signature')),
    sa.UniqueConstraint('document_id', name=op.f('uq_person_signature_document_id'))
    )
    with op.batch_alter_table('person_signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_signature_certificate_id'), ['certificate_id'], unique=False)
    for statement in append_only(op.get_bind().dialect.name, 'person_signature'):
        op.execute(statement)
