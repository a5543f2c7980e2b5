"""An action of a programme may answer what a topic of its state of measurement lacks"""
import sqlalchemy as sa
from alembic import op

revision = '0053'
down_revision = '0052'


def upgrade() -> None:
    with op.batch_alter_table('programme_action') as batch:
        batch.add_column(sa.Column('part_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_programme_action_part_id'), 'programme_part', ['part_id'], ['id'])
        batch.create_index(op.f('ix_programme_action_part_id'), ['part_id'])
