"""A decision that designates the body keeps its scanned file"""
import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'


def upgrade() -> None:
    with op.batch_alter_table('legal_designation') as batch:
        batch.add_column(sa.Column('file_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_legal_designation_file_id'), 'stored_file', ['file_id'], ['id'])
