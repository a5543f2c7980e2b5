"""What was typed in the log of use so far told the sheets too; what is typed from now on comes beside them"""
import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'


def upgrade() -> None:
    op.add_column('use_record', sa.Column('beside_sheets', sa.Boolean(), nullable=False, server_default=sa.false()))
