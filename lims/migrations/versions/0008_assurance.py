"""Impact reviews, intermediate checks, interval decisions, comparisons, rooms"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0008'
down_revision = '0007'

APPEND_ONLY = ("check_run", "impact_item", "impact_notice", "interval_decision", "room_import", "room_reading")


def upgrade() -> None:
    op.create_table('comparison',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('accreditation', sa.Text(), nullable=False),
    sa.Column('procedure_code', sa.Text(), nullable=False),
    sa.Column('measurand', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=False),
    sa.Column('measured_on', sa.Date(), nullable=True),
    sa.Column('lab_value', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('lab_uncertainty', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('reference_value', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('reference_uncertainty', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('coverage_factor', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('sigma_pt', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('scores', sa.JSON(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("verdict IN ('','satisfactory','questionable','unsatisfactory')", name=op.f('ck_comparison_verdict')),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_file.id'], name=op.f('fk_comparison_evidence_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['user_account.id'], name=op.f('fk_comparison_responsible_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison')),
    sa.UniqueConstraint('provider', 'code', name=op.f('uq_comparison_provider_code'))
    )
    with op.batch_alter_table('comparison', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comparison_planned_on'), ['planned_on'], unique=False)

    op.create_table('check_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('artefact', sa.Text(), nullable=False),
    sa.Column('check_standard_id', sa.Integer(), nullable=True),
    sa.Column('point', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('repeats', sa.Integer(), nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('centre', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('sigma', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('reference_uncertainty', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('own_uncertainty', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('action_limit', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('rules', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("method IN ('shewhart','en')", name=op.f('ck_check_plan_method')),
    sa.CheckConstraint('repeats BETWEEN 1 AND 30', name=op.f('ck_check_plan_repeats')),
    sa.ForeignKeyConstraint(['check_standard_id'], ['standard.id'], name=op.f('fk_check_plan_check_standard_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_check_plan_standard_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_plan'))
    )
    with op.batch_alter_table('check_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_plan_check_standard_id'), ['check_standard_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_check_plan_standard_id'), ['standard_id'], unique=False)

    op.create_table('comparison_action',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comparison_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.CheckConstraint("done_on IS NULL OR outcome <> ''", name=op.f('ck_comparison_action_outcome')),
    sa.ForeignKeyConstraint(['comparison_id'], ['comparison.id'], name=op.f('fk_comparison_action_comparison_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['user_account.id'], name=op.f('fk_comparison_action_responsible_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison_action'))
    )
    with op.batch_alter_table('comparison_action', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comparison_action_comparison_id'), ['comparison_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comparison_action_due_on'), ['due_on'], unique=False)

    op.create_table('interval_cap',
    sa.Column('standard_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('set_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("basis <> ''", name=op.f('ck_interval_cap_basis')),
    sa.CheckConstraint('months > 0', name=op.f('ck_interval_cap_months')),
    sa.ForeignKeyConstraint(['set_by_id'], ['user_account.id'], name=op.f('fk_interval_cap_set_by_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_interval_cap_standard_id')),
    sa.PrimaryKeyConstraint('standard_id', name=op.f('pk_interval_cap'))
    )
    op.create_table('interval_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('proposed_days', sa.Integer(), nullable=True),
    sa.Column('old_count', sa.Integer(), nullable=False),
    sa.Column('old_unit', sa.Text(), nullable=False),
    sa.Column('new_count', sa.Integer(), nullable=False),
    sa.Column('new_unit', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_interval_decision_by_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_interval_decision_standard_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interval_decision'))
    )
    with op.batch_alter_table('interval_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interval_decision_standard_id'), ['standard_id'], unique=False)

    op.create_table('room',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('logger_id', sa.Integer(), nullable=True),
    sa.Column('longest_gap_minutes', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('longest_gap_minutes > 0', name=op.f('ck_room_gap')),
    sa.ForeignKeyConstraint(['logger_id'], ['standard.id'], name=op.f('fk_room_logger_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('name', name=op.f('uq_room_name'))
    )
    op.create_table('check_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('duty_record_id', sa.Integer(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('readings', sa.JSON(), nullable=False),
    sa.Column('mean', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('centre', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('sigma', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('score', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_check_run_by_id')),
    sa.ForeignKeyConstraint(['duty_record_id'], ['duty_record.id'], name=op.f('fk_check_run_duty_record_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['check_plan.id'], name=op.f('fk_check_run_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_run')),
    sa.UniqueConstraint('duty_record_id', name=op.f('uq_check_run_duty_record_id'))
    )
    with op.batch_alter_table('check_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_run_plan_id'), ['plan_id'], unique=False)

    op.create_table('impact_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('standard_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('duty_record_id', sa.Integer(), nullable=True),
    sa.Column('trigger_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=True),
    sa.Column('shift', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('half_width', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opened_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=False),
    sa.Column('run', sa.Integer(), nullable=False),
    sa.Column('recomputed_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('examined', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('flipped', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('significance', sa.Text(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('evaluation', sa.Text(), nullable=False),
    sa.Column('decided_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('resumption', sa.Text(), nullable=False),
    sa.Column('closed_at', lims.shared.db.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("cause IN ('failed_check','certificate','suspicion')", name=op.f('ck_impact_review_cause')),
    sa.CheckConstraint("state IN ('open','decided','closed')", name=op.f('ck_impact_review_state')),
    sa.ForeignKeyConstraint(['certificate_id'], ['standard_certificate.id'], name=op.f('fk_impact_review_certificate_id')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['user_account.id'], name=op.f('fk_impact_review_closed_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_impact_review_decided_by_id')),
    sa.ForeignKeyConstraint(['duty_record_id'], ['duty_record.id'], name=op.f('fk_impact_review_duty_record_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['user_account.id'], name=op.f('fk_impact_review_opened_by_id')),
    sa.ForeignKeyConstraint(['standard_id'], ['standard.id'], name=op.f('fk_impact_review_standard_id')),
    sa.ForeignKeyConstraint(['trigger_id'], ['standard_certificate.id'], name=op.f('fk_impact_review_trigger_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_impact_review')),
    sa.UniqueConstraint('duty_record_id', name=op.f('uq_impact_review_duty_record_id')),
    sa.UniqueConstraint('number', name=op.f('uq_impact_review_number')),
    sa.UniqueConstraint('trigger_id', name=op.f('uq_impact_review_trigger_id'))
    )
    with op.batch_alter_table('impact_review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_impact_review_standard_id'), ['standard_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_impact_review_state'), ['state'], unique=False)

    op.create_table('room_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('first_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_room_import_by_id')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_import_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_import'))
    )
    with op.batch_alter_table('room_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_import_room_id'), ['room_id'], unique=False)

    op.create_table('room_limit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Text(), nullable=False),
    sa.Column('lower', lims.shared.db.ExactDecimal(), nullable=True),
    sa.Column('upper', lims.shared.db.ExactDecimal(), nullable=True),
    sa.CheckConstraint("quantity IN ('temperature','humidity','pressure')", name=op.f('ck_room_limit_quantity')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_limit_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_limit')),
    sa.UniqueConstraint('room_id', 'quantity', name=op.f('uq_room_limit_room_id_quantity'))
    )
    with op.batch_alter_table('room_limit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_limit_room_id'), ['room_id'], unique=False)

    op.create_table('impact_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('how', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_impact_notice_by_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_impact_notice_customer_id')),
    sa.ForeignKeyConstraint(['review_id'], ['impact_review.id'], name=op.f('fk_impact_notice_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_impact_notice')),
    sa.UniqueConstraint('review_id', 'customer_id', name=op.f('uq_impact_notice_review_id_customer_id'))
    )
    with op.batch_alter_table('impact_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_impact_notice_review_id'), ['review_id'], unique=False)

    op.create_table('room_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Text(), nullable=False),
    sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
    sa.Column('value', lims.shared.db.ExactDecimal(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("quantity IN ('temperature','humidity','pressure')", name=op.f('ck_room_reading_quantity')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_room_reading_by_id')),
    sa.ForeignKeyConstraint(['import_id'], ['room_import.id'], name=op.f('fk_room_reading_import_id')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_reading_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_reading')),
    sa.UniqueConstraint('room_id', 'quantity', 'at', name=op.f('uq_room_reading_room_id_quantity_at'))
    )
    op.create_table('worksheet_room',
    sa.Column('worksheet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_worksheet_room_room_id')),
    sa.ForeignKeyConstraint(['worksheet_id'], ['worksheet.id'], name=op.f('fk_worksheet_room_worksheet_id')),
    sa.PrimaryKeyConstraint('worksheet_id', name=op.f('pk_worksheet_room'))
    )
    with op.batch_alter_table('worksheet_room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_worksheet_room_room_id'), ['room_id'], unique=False)

    op.create_table('impact_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('run', sa.Integer(), nullable=False),
    sa.Column('result_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('old_verdict', sa.Text(), nullable=False),
    sa.Column('new_verdict', sa.Text(), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=False),
    sa.Column('greatest_change', sa.Double(), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.CheckConstraint('grade BETWEEN 0 AND 3', name=op.f('ck_impact_item_grade')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_impact_item_customer_id')),
    sa.ForeignKeyConstraint(['result_id'], ['result.id'], name=op.f('fk_impact_item_result_id')),
    sa.ForeignKeyConstraint(['review_id'], ['impact_review.id'], name=op.f('fk_impact_item_review_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_impact_item')),
    sa.UniqueConstraint('review_id', 'run', 'result_id', name=op.f('uq_impact_item_review_id_run_result_id'))
    )
    with op.batch_alter_table('impact_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_impact_item_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('ix_impact_item_order', ['review_id', 'run', 'grade', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_impact_item_result_id'), ['result_id'], unique=False)

    for table in APPEND_ONLY:
        for statement in append_only(op.get_bind().dialect.name, table):
            op.execute(statement)
