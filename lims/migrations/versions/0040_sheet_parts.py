"""Parts of a set or system stand on the sheet beside the whole that was chosen"""
import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'


def upgrade() -> None:
    with op.batch_alter_table('worksheet_standard') as batch_op:
        batch_op.add_column(sa.Column('whole_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_worksheet_standard_whole_id'), 'worksheet_standard', ['whole_id'], ['id'])
        batch_op.create_index(op.f('ix_worksheet_standard_whole_id'), ['whole_id'])
