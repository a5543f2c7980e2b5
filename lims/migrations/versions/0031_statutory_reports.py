"""Deadlines of statutory reports, reports filed; documents counted from an index alone; months counted through a day"""
import sqlalchemy as sa
from alembic import op

import lims.shared.db
from lims.shared.schema import append_only

revision = '0031'
down_revision = '0030'


def upgrade() -> None:
    op.create_index('ix_certificate_counted', 'certificate', ['issued_on', 'edition', 'verdict', 'kind', 'item_id'])
    op.create_index('ix_certificate_kind_issued', 'certificate', ['kind', 'edition', 'issued_on'])
    op.execute("DELETE FROM work_tally")  # counted anew, by area
    op.drop_table('work_month')
    op.create_table(
        'work_month',
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('through', sa.Date(), nullable=False),
        sa.Column('counted_at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('month', name=op.f('pk_work_month')))
    deadline = op.create_table(
        'report_deadline',
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('month', sa.Integer(), nullable=False),
        sa.Column('day', sa.Integer(), nullable=False),
        sa.Column('next_year', sa.Boolean(), nullable=False),
        sa.Column('basis', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint('month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31', name=op.f('ck_report_deadline_day')),
        sa.PrimaryKeyConstraint('kind', name=op.f('pk_report_deadline')))
    op.bulk_insert(deadline, [
        {'kind': kind, 'month': month, 'day': day, 'next_year': next_year, 'basis': basis, 'version': 1}
        for kind, month, day, next_year, basis in (
            ('activity', 3, 30, True, 'NĐ 105/2016/NĐ-CP, sửa đổi bởi NĐ 154/2018/NĐ-CP: trước ngày 31/3'),
            ('group2', 3, 30, True, 'TT 23/2013/TT-BKHCN, Điều 26: trước ngày 31/3'),
            ('plan_half', 6, 20, False, 'Theo kế hoạch năm'),
            ('plan_nine', 9, 20, False, 'Theo kế hoạch năm'),
            ('plan_year', 12, 15, False, 'Theo kế hoạch năm'))])
    op.create_table(
        'filed_report',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('filed_on', sa.Date(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('sent_to', sa.Text(), nullable=False),
        sa.Column('at', lims.shared.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_filed_report_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_filed_report')),
        sa.UniqueConstraint('kind', 'year', name=op.f('uq_filed_report_kind_year')))
    for statement in append_only(op.get_bind().dialect.name, 'filed_report'):
        op.execute(statement)
