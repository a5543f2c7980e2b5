"""Laws, forms and ĐLVN end, and name what replaced them"""
import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'


def upgrade() -> None:
    op.add_column('legal_document', sa.Column('in_force_to', sa.Date(), nullable=True))
    op.add_column('legal_document', sa.Column('replaced_by', sa.Text(), nullable=False, server_default=''))
    op.add_column('legal_document', sa.Column('entered_by', sa.Text(), nullable=False, server_default=''))
