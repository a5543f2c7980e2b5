"""The first schema"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0001'
down_revision = None

APPEND_ONLY = ("audit_transaction", "audit_event", "stored_file", "standard_certificate", "standard_value",
               "standard_state_change", "standard_certificate_parent", "duty_record",
               "procedure_version", "observation", "result", "approval", "certificate",
               "certificate_document", "certificate_event")


def upgrade() -> None:
    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('audit_transaction',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_transaction'))
    )
    with op.batch_alter_table('audit_transaction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_transaction_action'), ['action'], unique=False)

    op.create_table('customer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('tax_code', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer')),
    sa.UniqueConstraint('code', name=op.f('uq_customer_code'))
    )
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_search'), ['search'], unique=False)

    op.create_table('job_counter',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('next', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_job_counter'))
    )
    op.create_table('legal_confirmation',
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('row_key', name=op.f('pk_legal_confirmation'))
    )
    op.create_table('login_failure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_failure'))
    )
    with op.batch_alter_table('login_failure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_failure_address'), ['address'], unique=False)
        batch_op.create_index(batch_op.f('ix_login_failure_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_login_failure_identity'), ['identity'], unique=False)

    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('superior_vi', sa.Text(), nullable=False),
    sa.Column('superior_en', sa.Text(), nullable=False),
    sa.Column('name_vi', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('registration_code', sa.Text(), nullable=False),
    sa.Column('accreditation_code', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('head_title_vi', sa.Text(), nullable=False),
    sa.Column('head_title_en', sa.Text(), nullable=False),
    sa.Column('validity_policy', sa.Text(), nullable=False),
    sa.Column('demonstration', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation'))
    )
    op.create_table('procedure_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('edition', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('toml', sa.Text(), nullable=False),
    sa.Column('published_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_procedure_version')),
    sa.UniqueConstraint('code', 'edition', 'version', name=op.f('uq_procedure_version_code_edition_version')),
    sa.UniqueConstraint('digest', name=op.f('uq_procedure_version_digest'))
    )
    with op.batch_alter_table('procedure_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_procedure_version_code'), ['code'], unique=False)

    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('seal_key',
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('certificate', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('retired_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('trial','pkcs12')", name=op.f('ck_seal_key_kind')),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_seal_key'))
    )
    op.create_table('separate_review',
    sa.Column('procedure_code', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('procedure_code', name=op.f('pk_separate_review'))
    )
    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('pattern', sa.Text(), nullable=False),
    sa.Column('next', sa.Integer(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('calibration','verification','test','work_record')", name=op.f('ck_series_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('kind', 'year', name=op.f('uq_series_kind_year'))
    )
    op.create_table('signing_key',
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('public_key', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('retired_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key_id', name=op.f('pk_signing_key'))
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('uploaded_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_sha256'), ['sha256'], unique=False)

    op.create_table('user_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('username', sa.Text(), nullable=True),
    sa.Column('password', sa.Text(), nullable=False),
    sa.Column('full_name', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('fs_uniquifier', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('tf_primary_method', sa.Text(), nullable=True),
    sa.Column('tf_totp_secret', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('email', name=op.f('uq_user_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_user_account_fs_uniquifier')),
    sa.UniqueConstraint('username', name=op.f('uq_user_account_username'))
    )
    op.create_table('audit_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['seq'], ['audit_transaction.seq'], name=op.f('fk_audit_event_seq')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index('ix_audit_event_entity', ['entity', 'entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_seq'), ['seq'], unique=False)

    op.create_table('authorisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('procedure_code', sa.Text(), nullable=False),
    sa.Column('activity', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.CheckConstraint("activity IN ('perform','review','approve')", name=op.f('ck_authorisation_activity')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_authorisation_period')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_authorisation_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authorisation'))
    )
    with op.batch_alter_table('authorisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_authorisation_procedure_code'), ['procedure_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_authorisation_user_id'), ['user_id'], unique=False)

    op.create_table('calendar_feed',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_calendar_feed_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_calendar_feed_token_digest'))
    )
    op.create_table('instrument',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('maker', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('serial', sa.Text(), nullable=False),
    sa.Column('serial_key', sa.Text(), nullable=False),
    sa.Column('tag', sa.Text(), nullable=False),
    sa.Column('year', sa.Text(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_instrument_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instrument')),
    sa.UniqueConstraint('customer_id', 'kind', 'maker', 'model', 'serial_key', name=op.f('uq_instrument_customer_id_kind_maker_model_serial_key'))
    )
    with op.batch_alter_table('instrument', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instrument_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_instrument_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_instrument_search'), ['search'], unique=False)
        batch_op.create_index(batch_op.f('ix_instrument_serial_key'), ['serial_key'], unique=False)

    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('received_by_id', sa.Integer(), nullable=False),
    sa.Column('delivered_by', sa.Text(), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reviewed_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reviewed_by_id', sa.Integer(), nullable=True),
    sa.Column('review_note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("place IN ('laboratory','customer','field')", name=op.f('ck_job_place')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_job_customer_id')),
    sa.ForeignKeyConstraint(['received_by_id'], ['user_account.id'], name=op.f('fk_job_received_by_id')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['user_account.id'], name=op.f('fk_job_reviewed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('number', name=op.f('uq_job_number'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_promised_on'), ['promised_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_received_on'), ['received_on'], unique=False)

    op.create_table('officer_card',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('issued_by', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_officer_card_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer_card')),
    sa.UniqueConstraint('number', 'field', name=op.f('uq_officer_card_number_field'))
    )
    with op.batch_alter_table('officer_card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_officer_card_user_id'), ['user_id'], unique=False)

    op.create_table('standard',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asset_number', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('quantity', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('maker', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('serial', sa.Text(), nullable=False),
    sa.Column('accuracy', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('range_low', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('range_high', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('range_text', sa.Text(), nullable=False),
    sa.Column('spread_unit', sa.Text(), nullable=False),
    sa.Column('drift_half_width', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('resolution', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('mpe', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('location', sa.Text(), nullable=False),
    sa.Column('custodian_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("level IN ('reference','working','check')", name=op.f('ck_standard_level')),
    sa.CheckConstraint("state IN ('in_use','out_for_calibration','quarantined','out_of_service','retired')", name=op.f('ck_standard_state')),
    sa.ForeignKeyConstraint(['custodian_id'], ['user_account.id'], name=op.f('fk_standard_custodian_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard')),
    sa.UniqueConstraint('asset_number', name=op.f('uq_standard_asset_number'))
    )
    with op.batch_alter_table('standard', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standard_custodian_id'), ['custodian_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_standard_quantity'), ['quantity'], unique=False)
        batch_op.create_index(batch_op.f('ix_standard_search'), ['search'], unique=False)
        batch_op.create_index(batch_op.f('ix_standard_state'), ['state'], unique=False)

    op.create_table('user_role',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_user_role_role_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_user_role_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'role_id', name=op.f('pk_user_role'))
    )
    op.create_table('alert',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('duty', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('acknowledged_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by_id', sa.Integer(), nullable=True),
    sa.Column('snoozed_until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['acknowledged_by_id'], ['user_account.id'], name=op.f('fk_alert_acknowledged_by_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_alert_standard_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert')),
    sa.UniqueConstraint('standard_id', 'duty', 'due_on', 'stage', name=op.f('uq_alert_standard_id_duty_due_on_stage'))
    )
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alert_standard_id'), ['standard_id'], unique=False)

    op.create_table('duty_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('duty', sa.Text(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("duty IN ('intermediate_check','maintenance')", name=op.f('ck_duty_record_duty')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_duty_record_by_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_duty_record_standard_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_record'))
    )
    with op.batch_alter_table('duty_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_record_standard_id'), ['standard_id'], unique=False)

    op.create_table('job_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('instrument_id', sa.Integer(), nullable=False),
    sa.Column('procedure_id', sa.Integer(), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('regime', sa.Text(), nullable=False),
    sa.Column('decision_rule', sa.Text(), nullable=False),
    sa.Column('interval_agreed_months', sa.Integer(), nullable=True),
    sa.Column('condition', sa.Text(), nullable=False),
    sa.Column('accessories', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('assigned_to_id', sa.Integer(), nullable=True),
    sa.Column('return_reason', sa.Text(), nullable=False),
    sa.Column('sticker', sa.Text(), nullable=False),
    sa.Column('handed_over_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('handed_over_to', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("service IN ('calibration','verification','test')", name=op.f('ck_job_item_service')),
    sa.ForeignKeyConstraint(['assigned_to_id'], ['user_account.id'], name=op.f('fk_job_item_assigned_to_id')),
    sa.ForeignKeyConstraint(['instrument_id'], ['instrument.id'], name=op.f('fk_job_item_instrument_id')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_job_item_job_id')),
    sa.ForeignKeyConstraint(['procedure_id'], ['procedure_version.id'], name=op.f('fk_job_item_procedure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_item')),
    sa.UniqueConstraint('code', name=op.f('uq_job_item_code')),
    sa.UniqueConstraint('job_id', 'position', name=op.f('uq_job_item_job_id_position'))
    )
    with op.batch_alter_table('job_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_item_assigned_to_id'), ['assigned_to_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_item_instrument_id'), ['instrument_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_item_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_item_state'), ['state'], unique=False)

    op.create_table('schedule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('duty', sa.Text(), nullable=False),
    sa.Column('interval_count', sa.Integer(), nullable=False),
    sa.Column('interval_unit', sa.Text(), nullable=False),
    sa.Column('last_done_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("duty IN ('calibration','intermediate_check','maintenance')", name=op.f('ck_schedule_duty')),
    sa.CheckConstraint("interval_unit IN ('days','months','years')", name=op.f('ck_schedule_unit')),
    sa.CheckConstraint('interval_count > 0', name=op.f('ck_schedule_count')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_schedule_standard_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule')),
    sa.UniqueConstraint('standard_id', 'duty', name=op.f('uq_schedule_standard_id_duty'))
    )
    with op.batch_alter_table('schedule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_due_on'), ['due_on'], unique=False)
        batch_op.create_index('ix_schedule_order', ['duty', 'due_on', 'standard_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_schedule_standard_id'), ['standard_id'], unique=False)

    op.create_table('standard_certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('accreditation', sa.Text(), nullable=False),
    sa.Column('route', sa.Text(), nullable=False),
    sa.Column('traceable_to', sa.Text(), nullable=False),
    sa.Column('calibrated_on', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('spread_unit', sa.Text(), nullable=False),
    sa.Column('stated', sa.Text(), nullable=False),
    sa.Column('dot_means', sa.Text(), nullable=False),
    sa.Column('entered_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("route IN ('cipm_mra','ilac_mra','designated','internal','other')", name=op.f('ck_standard_certificate_route')),
    sa.CheckConstraint("stated IN ('value','correction')", name=op.f('ck_standard_certificate_stated')),
    sa.CheckConstraint("supersedes_id IS NULL OR reason <> ''", name=op.f('ck_standard_certificate_correction_reason')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= calibrated_on', name=op.f('ck_standard_certificate_validity')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user_account.id'], name=op.f('fk_standard_certificate_entered_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_standard_certificate_file_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_standard_certificate_standard_id')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['standard_certificate.id'], name=op.f('fk_standard_certificate_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_certificate')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_standard_certificate_supersedes_id'))
    )
    with op.batch_alter_table('standard_certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standard_certificate_standard_id'), ['standard_id'], unique=False)

    op.create_table('standard_state_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_standard_state_change_by_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_standard_state_change_standard_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_state_change'))
    )
    with op.batch_alter_table('standard_state_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standard_state_change_standard_id'), ['standard_id'], unique=False)

    op.create_table('outbox_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('dedup_key', sa.Text(), nullable=False),
    sa.Column('alert_id', sa.Integer(), nullable=True),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('next_attempt_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.Column('claimed_until', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.Text(), nullable=False),
    sa.Column('sent_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_outbox_message_alert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_message')),
    sa.UniqueConstraint('dedup_key', name=op.f('uq_outbox_message_dedup_key')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outbox_message_message_id'))
    )
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_message_alert_id'), ['alert_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_message_next_attempt_at'), ['next_attempt_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_message_sent_at'), ['sent_at'], unique=False)

    op.create_table('standard_certificate_parent',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['standard_certificate.id'], name=op.f('fk_standard_certificate_parent_certificate_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_standard_certificate_parent_standard_id')),
    sa.PrimaryKeyConstraint('certificate_id', 'standard_id', name=op.f('pk_standard_certificate_parent'))
    )
    with op.batch_alter_table('standard_certificate_parent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standard_certificate_parent_standard_id'), ['standard_id'], unique=False)

    op.create_table('standard_value',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('nominal_text', sa.Text(), nullable=False),
    sa.Column('stated_text', sa.Text(), nullable=False),
    sa.Column('uncertainty_text', sa.Text(), nullable=False),
    sa.Column('coverage_text', sa.Text(), nullable=False),
    sa.Column('nominal', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('value', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('correction', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('uncertainty', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('coverage_factor', lims.shared.db.ExactDecimal(), nullable=False),
    sa.CheckConstraint('(value IS NULL) <> (correction IS NULL)', name=op.f('ck_standard_value_stated')),
    sa.ForeignKeyConstraint(['certificate_id'], ['standard_certificate.id'], name=op.f('fk_standard_value_certificate_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_value')),
    sa.UniqueConstraint('certificate_id', 'position', name=op.f('uq_standard_value_certificate_id_position'))
    )
    with op.batch_alter_table('standard_value', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standard_value_certificate_id'), ['certificate_id'], unique=False)

    op.create_table('worksheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('performed_on', sa.Date(), nullable=False),
    sa.Column('started_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('performed_by_id', sa.Integer(), nullable=False),
    sa.Column('instrument_fields', sa.JSON(), nullable=False),
    sa.Column('deviation', sa.Text(), nullable=False),
    sa.Column('dot_means', sa.Text(), nullable=False),
    sa.Column('submitted_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_worksheet_item_id')),
    sa.ForeignKeyConstraint(['performed_by_id'], ['user_account.id'], name=op.f('fk_worksheet_performed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet')),
    sa.UniqueConstraint('item_id', name=op.f('uq_worksheet_item_id'))
    )
    op.create_table('observation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('worksheet_id', sa.Integer(), nullable=False),
    sa.Column('cell', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('value', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("revision = 1 OR reason <> ''", name=op.f('ck_observation_correction_reason')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_observation_by_id')),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_observation_worksheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation')),
    sa.UniqueConstraint('worksheet_id', 'cell', 'revision', name=op.f('uq_observation_worksheet_id_cell_revision'))
    )
    with op.batch_alter_table('observation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_observation_worksheet_id'), ['worksheet_id'], unique=False)

    op.create_table('result',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('worksheet_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('computed_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('engine_version', sa.Text(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('evaluation', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_result_worksheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result')),
    sa.UniqueConstraint('worksheet_id', 'revision', name=op.f('uq_result_worksheet_id_revision'))
    )
    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_result_worksheet_id'), ['worksheet_id'], unique=False)

    op.create_table('worksheet_standard',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('worksheet_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Text(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('added_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.Column('override_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['user_account.id'], name=op.f('fk_worksheet_standard_added_by_id')),
    sa.ForeignKeyConstraint(['certificate_id'], ['standard_certificate.id'], name=op.f('fk_worksheet_standard_certificate_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_worksheet_standard_standard_id')),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_worksheet_standard_worksheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worksheet_standard')),
    sa.UniqueConstraint('worksheet_id', 'slot', 'standard_id', name=op.f('uq_worksheet_standard_worksheet_id_slot_standard_id'))
    )
    with op.batch_alter_table('worksheet_standard', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worksheet_standard_certificate_id'), ['certificate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_worksheet_standard_standard_id'), ['standard_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_worksheet_standard_worksheet_id'), ['worksheet_id'], unique=False)

    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('result_id', sa.Integer(), nullable=False),
    sa.Column('activity', sa.Text(), nullable=False),
    sa.Column('meaning', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('result_digest', sa.Text(), nullable=False),
    sa.CheckConstraint("activity IN ('perform','review','approve')", name=op.f('ck_approval_activity')),
    sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_approval_item_id')),
    sa.ForeignKeyConstraint(['person_id'], ['user_account.id'], name=op.f('fk_approval_person_id')),
    sa.ForeignKeyConstraint(['result_id'], ['result.id'], name=op.f('fk_approval_result_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval')),
    sa.UniqueConstraint('result_id', 'activity', name=op.f('uq_approval_result_id_activity'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_result_id'), ['result_id'], unique=False)

    op.create_table('certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('number_key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('result_id', sa.Integer(), nullable=False),
    sa.Column('object_name', sa.Text(), nullable=False),
    sa.Column('object_serial', sa.Text(), nullable=False),
    sa.Column('customer_name', sa.Text(), nullable=False),
    sa.Column('performed_on', sa.Date(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('issued_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.Integer(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('record', sa.LargeBinary(), nullable=False),
    sa.Column('record_digest', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.Column('verification_url', sa.Text(), nullable=False),
    sa.Column('qr_payload', sa.Text(), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('idempotency_key', sa.Text(), nullable=True),
    sa.Column('search', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['issued_by_id'], ['user_account.id'], name=op.f('fk_certificate_issued_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['job_item.id'], name=op.f('fk_certificate_item_id')),
    sa.ForeignKeyConstraint(['key_id'], ['signing_key.key_id'], name=op.f('fk_certificate_key_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['certificate.id'], name=op.f('fk_certificate_replaces_id')),
    sa.ForeignKeyConstraint(['result_id'], ['result.id'], name=op.f('fk_certificate_result_id')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_certificate_series_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_certificate_idempotency_key')),
    sa.UniqueConstraint('item_id', 'edition', name=op.f('uq_certificate_item_id_edition')),
    sa.UniqueConstraint('number', name=op.f('uq_certificate_number')),
    sa.UniqueConstraint('number_key', name=op.f('uq_certificate_number_key')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_certificate_replaces_id')),
    sa.UniqueConstraint('result_id', name=op.f('uq_certificate_result_id')),
    sa.UniqueConstraint('series_id', 'serial', name=op.f('uq_certificate_series_id_serial'))
    )
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_issued_on'), ['issued_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_search'), ['search'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_valid_until'), ['valid_until'], unique=False)

    op.create_table('amendment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('opened_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_amendment_certificate_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['user_account.id'], name=op.f('fk_amendment_opened_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_amendment_certificate_id'))
    )
    op.create_table('certificate_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('container', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_document_certificate_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_document')),
    sa.UniqueConstraint('certificate_id', 'form', 'revision', name=op.f('uq_certificate_document_certificate_id_form_revision'))
    )
    with op.batch_alter_table('certificate_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_document_certificate_id'), ['certificate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_document_sha256'), ['sha256'], unique=False)

    op.create_table('certificate_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind IN ('superseded','withdrawn','handed_over','printed')", name=op.f('ck_certificate_event_kind')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_certificate_event_by_id')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_event_certificate_id')),
    sa.ForeignKeyConstraint(['other_id'], ['certificate.id'], name=op.f('fk_certificate_event_other_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_event'))
    )
    with op.batch_alter_table('certificate_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_event_certificate_id'), ['certificate_id'], unique=False)

    op.execute(sa.text("INSERT INTO audit_head (id, seq, link) VALUES (1, 0, :link)").bindparams(link="0" * 64))
    roles = sa.table("role", sa.column("name"))
    op.bulk_insert(roles, [{"name": name} for name in (
        "reception", "technician", "reviewer", "signer", "quality_manager", "head", "administrator")])
    for table in APPEND_ONLY:
        for statement in append_only(op.get_bind().dialect.name, table):
            op.execute(statement)
