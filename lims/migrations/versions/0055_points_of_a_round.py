"""A round of comparisons has a row for each of its points"""
from alembic import op

revision = '0055'
down_revision = '0054'


def upgrade() -> None:
    with op.batch_alter_table('comparison') as batch:
        batch.drop_constraint(op.f('uq_comparison_provider_code'), type_='unique')
        batch.create_unique_constraint(op.f('uq_comparison_provider_code_measurand'), ['provider', 'code', 'measurand'])
