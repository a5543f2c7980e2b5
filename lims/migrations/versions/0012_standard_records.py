"""Standards: functions, parts, events and documents, reservations, commissioning, lots; how points of a table correlate"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    exact = lims.shared.db.ExactDecimal()
    op.create_table(
        'standard_function',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('standard_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('quantity', sa.Text(), nullable=False),
        sa.Column('accuracy', sa.Text(), nullable=False),
        sa.Column('unit', sa.Text(), nullable=False),
        sa.Column('range_low', exact, nullable=True),
        sa.Column('range_high', exact, nullable=True),
        sa.Column('range_text', sa.Text(), nullable=False),
        sa.Column('spread_unit', sa.Text(), nullable=False),
        sa.Column('drift_half_width', exact, nullable=True),
        sa.Column('resolution', exact, nullable=True),
        sa.Column('mpe', exact, nullable=True),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_standard_function_standard_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_function')),
        sa.UniqueConstraint('standard_id', 'name', name=op.f('uq_standard_function_standard_id_name')))
    op.create_index(op.f('ix_standard_function_standard_id'), 'standard_function', ['standard_id'])
    op.create_index(op.f('ix_standard_function_quantity'), 'standard_function', ['quantity'])
    op.create_table(
        'standard_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('standard_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('happened_on', sa.Date(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('place', sa.Text(), nullable=False),
        sa.Column('software', sa.Text(), nullable=False),
        sa.Column('passed', sa.Boolean(), nullable=True),
        sa.Column('cost', exact, nullable=True),
        sa.Column('file_id', sa.Integer(), nullable=True),
        sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('document','moved','damage','malfunction','modification','repair','adjustment',"
                           "'commissioning','note')", name=op.f('ck_standard_event_kind')),
        sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_standard_event_standard_id')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_standard_event_file_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_standard_event_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_event')))
    op.create_index('ix_standard_event_standard', 'standard_event', ['standard_id', 'happened_on'])
    op.create_table(
        'reservation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('standard_id', sa.Integer(), nullable=False),
        sa.Column('first_on', sa.Date(), nullable=False),
        sa.Column('last_on', sa.Date(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('purpose', sa.Text(), nullable=False),
        sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('created_by_id', sa.Integer(), nullable=False),
        sa.Column('cancelled_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint('last_on >= first_on', name=op.f('ck_reservation_days')),
        sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_reservation_standard_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_reservation_user_id')),
        sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_reservation_created_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reservation')))
    op.create_index('ix_reservation_standard', 'reservation', ['standard_id', 'last_on'])
    op.create_index('ix_reservation_last_on', 'reservation', ['last_on', 'id'])
    op.create_table(
        'register_choice',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('due_soon_days', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_register_choice_user_id')),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_register_choice')))
    for name in ('software', 'lot'):
        op.add_column('standard', sa.Column(name, sa.Text(), nullable=False, server_default=''))
    for name in ('expires_on', 'acquired_on'):
        op.add_column('standard', sa.Column(name, sa.Date(), nullable=True))
    for name in ('price', 'temperature_low', 'temperature_high', 'humidity_low', 'humidity_high'):
        op.add_column('standard', sa.Column(name, exact, nullable=True))
    op.add_column('standard', sa.Column('awaits_check', sa.Boolean(), nullable=False, server_default=sa.false()))
    # by hand: SQLite takes a reference with a new column, Alembic would add it afterwards
    op.execute("ALTER TABLE standard ADD COLUMN part_of_id INTEGER "
               "CONSTRAINT fk_standard_part_of_id REFERENCES standard (id)")
    op.create_index(op.f('ix_standard_part_of_id'), 'standard', ['part_of_id'])
    op.execute("ALTER TABLE standard_certificate ADD COLUMN function_id INTEGER "
               "CONSTRAINT fk_standard_certificate_function_id REFERENCES standard_function (id)")
    op.add_column('standard_certificate', sa.Column('correlation', exact, nullable=True))
    for statement in append_only(op.get_bind().dialect.name, 'standard_event'):
        op.execute(statement)
