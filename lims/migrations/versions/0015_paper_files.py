"""The laboratory's logo, accreditation mark and layout on its documents"""
import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    for name in ('logo_sha256', 'mark_sha256', 'layout_sha256'):
        op.add_column('organisation', sa.Column(name, sa.Text(), nullable=False, server_default=''))
