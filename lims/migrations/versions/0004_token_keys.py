"""Sealing keys may lie on a token"""
import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    with op.batch_alter_table('seal_key', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_seal_key_kind'), type_='check')
        batch_op.create_check_constraint('kind', sa.text("kind IN ('trial','pkcs12','pkcs11')"))
