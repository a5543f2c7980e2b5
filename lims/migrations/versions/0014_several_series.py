"""Several series of a kind, chosen by procedure"""
import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name', sa.Text(), server_default='', nullable=False))
        batch_op.drop_constraint(op.f('uq_series_kind_year'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_series_kind_year_name'), ['kind', 'year', 'name'])
    op.create_table('series_choice',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('procedure_code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'procedure_code', name=op.f('pk_series_choice'))
    )
    if op.get_bind().dialect.name == 'sqlite':
        assert op.get_bind().execute(sa.text('PRAGMA foreign_key_check')).fetchall() == []
