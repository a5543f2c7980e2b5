"""When the person of a token last gave the password through it"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db

revision = '0054'
down_revision = '0053'


def upgrade() -> None:
    op.add_column('api_token', sa.Column('password_checked_at', lims.shared.db.UtcDateTime(timezone=True),
                                         nullable=True))
