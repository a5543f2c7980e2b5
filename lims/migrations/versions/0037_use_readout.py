"""The log of use takes the readout of an hour meter"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0037'
down_revision = '0036'


def upgrade() -> None:
    op.add_column('use_record', sa.Column('readout', lims.shared.db.ExactDecimal(), nullable=True))
