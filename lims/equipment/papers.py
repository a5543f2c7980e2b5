"""What the register prints: the recall list, and the label that shows a standard's status (ISO/IEC 17025 6.4.8)."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import quote

import sqlalchemy as sa
from flask import current_app

from certificates.document import Words
from certificates.label_printing import render_labels
from certificates.labels import StandardLabel, StandardState
from certificates.lists import DUTIES_TITLE, RECALL_TITLE, RecallList, RecallRow, render_recall_list
from certificates.plan_list import PlanRow, YearPlan, render_year_plan
from certificates.slips import Signatory
from lims.equipment.facts import borne_by
from lims.equipment.forecasts import drift_forecasts
from lims.equipment.models import Standard, StandardStateChange
from lims.equipment.plan import Planned, months
from lims.equipment.recall import Due
from lims.equipment.service import state_changes
from lims.shared import clock
from lims.shared.db import session
from lims.shared.i18n import day
from lims.shared.organisation import label_size, organisation

_DUTIES = {"calibration": "", "intermediate_check": " – kiểm tra giữa kỳ", "maintenance": " – bảo dưỡng"}
_PLANNED = {"calibration": "Hiệu chuẩn", "intermediate_check": "Kiểm tra giữa kỳ", "maintenance": "Bảo dưỡng"}
MOST_LINES = 2000
"""Lines of a plan on paper; beyond, nobody reads it."""
_STATES = {"in_use": StandardState.IN_USE, "out_for_calibration": StandardState.RESTRICTED}
_NOTES = {"out_for_calibration": "Đang gửi hiệu chuẩn"}


def recall_list(lines: list[Due], on: date, within_days: int, soon_days: int, prepared_by: str) -> bytes:
    """The list of a day (PDF). What was never done counts as due on the day of registration; a standard that is away
    for calibration has the day on which it was sent."""
    laboratory = organisation(session())
    forecasts = drift_forecasts({line.standard.id for line in lines if line.schedule.duty == "calibration"})
    sent = _sent({line.standard.id for line in lines if line.standard.state == "out_for_calibration"})
    rows = tuple(RecallRow(
        asset_number=line.standard.asset_number, name=line.standard.name + _DUTIES[line.schedule.duty] + (
            f" ({line.schedule.label})" if line.schedule.label else ""),
        serial=line.standard.serial, person=line.schedule.acts.full_name if line.schedule.acts else line.schedule.team,
        send_to=line.schedule.provider,
        sent_on=sent.get(line.standard.id) if line.schedule.duty == "calibration" else None,
        certificate_number=line.certificate or ("chưa có" if line.schedule.duty == "calibration" else ""),
        due_on=line.schedule.due_on or clock.local_date(line.standard.created_at),
        predicted_on=forecasts.get(line.standard.id) if line.schedule.duty == "calibration" and not line.schedule.label
        else None) for line in lines)
    return render_recall_list(RecallList(
        short_name=laboratory.short_name, today=on, made_on=clock.today(), rows=rows, created=clock.now(),
        title=RECALL_TITLE if {line.schedule.duty for line in lines} <= {"calibration"} else DUTIES_TITLE,
        horizon_days=within_days,
        soon_days=soon_days, demonstration=laboratory.demonstration,
        prepared_by=Signatory(Words("Người lập", "Prepared by"), prepared_by),
        approved_by=Signatory(Words(laboratory.head_title_vi, laboratory.head_title_en))))


def _sent(standard_ids: set[int]) -> dict[int, date]:
    """{standard: the day on which it was last sent out for calibration}; one statement."""
    rows = session().execute(
        sa.select(StandardStateChange.standard_id, sa.func.max(StandardStateChange.at))
        .where(StandardStateChange.standard_id.in_(standard_ids), StandardStateChange.state == "out_for_calibration")
        .group_by(StandardStateChange.standard_id))
    return {standard_id: clock.local_date(at) for standard_id, at in rows}


def year_plan(year: int, lines: list[Planned], today: date, prepared_by: str) -> bytes:
    """The plan of a year (PDF)."""
    laboratory = organisation(session())
    first = date(year, 1, 1)
    totals = months(lines, first, 12)
    rows = tuple(PlanRow(
        on=line.on, asset_number=line.asset_number, name=line.name, serial=line.serial,
        duty=_PLANNED[line.duty] + (f" ({line.label})" if line.label else "") + (", quá hạn" if line.late else ""),
        person=line.person or line.team, provider=line.provider, cost="" if line.cost is None else dong(line.cost))
        for line in lines)
    return render_year_plan(YearPlan(
        short_name=laboratory.short_name, year=year, today=today, rows=rows, created=clock.now(),
        month_costs=tuple(dong(month.cost) if month.cost else "" for month in totals),
        total=dong(sum((month.cost for month in totals), Decimal(0))), demonstration=laboratory.demonstration,
        prepared_by=Signatory(Words("Người lập", "Prepared by"), prepared_by),
        approved_by=Signatory(Words(laboratory.head_title_vi, laboratory.head_title_en))))


def dong(amount: Decimal) -> str:
    """A sum of money in whole đồng with dots between thousands."""
    return f"{int(amount):,}".replace(",", ".")


def status_label(standard: Standard) -> bytes:
    """The label on the standard itself (PDF): its number, state, calibration and due date, QR of its page."""
    laboratory = organisation(session())
    label = standard_label(standard, label_size(laboratory.standard_label_mm))
    return render_labels([label], f"Nhãn {standard.asset_number}", clock.now(), int(laboratory.label_dpi))


def standard_label(standard: Standard, size_mm: tuple[float, float]) -> StandardLabel:
    """State, calibration (of a set by its parts: the oldest) and due date of a standard today."""
    calibrated = min((one.calibrated_on for _held, one in borne_by(standard, clock.today())), default=None)
    due = next((row.due_on for row in standard.schedules if (row.duty, row.label) == ("calibration", "")), None)
    return StandardLabel(
        asset_number=standard.asset_number, name=standard.name,
        state=_STATES.get(standard.state, StandardState.OUT_OF_SERVICE),
        calibrated_on=day(calibrated) or "–", due_on=day(due) or "–",
        qr_payload=f"{str(current_app.extensions['settings'].base_url).upper()}/I/{quote(standard.asset_number)}",
        note=_NOTES.get(standard.state, ""), reason=next((change.reason for change in state_changes(standard.id)), ""),
        size_mm=size_mm, demonstration=organisation(session()).demonstration)
