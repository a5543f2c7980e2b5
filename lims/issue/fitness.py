"""Preflight of what the results rest on: standards on the measuring day, environment, CMC, printed digits."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from certificates.formats import day, figure, instant
from instruments.procedure_model import EnvironmentLimit
from instruments.sheet import SlotNeed
from lims.equipment.facts import valid_through
from lims.equipment.selection import ANYWHERE, Candidate, Circumstances, assess
from lims.issue import printed
from lims.issue.dossier import Dossier
from lims.issue.finding import Finding, ok, stop, stops, warn
from lims.jobs.capabilities import cmc_for
from lims.jobs.circumstances import circumstances
from lims.jobs.models import Worksheet, WorksheetStandard
from lims.jobs.observations import sheet_layout
from lims.jobs.room_record import held_conditions, record_of
from lims.jobs.standard_parts import parts_agree
from uncertainty.rounding import exact_decimal, report

CMC_GRACE = 1e-9
"""Relative rounding of binary numbers between a U that was raised to the CMC and the CMC."""


@dataclass(frozen=True)
class Use:
    """One standard as a sheet used it; `need` is None where the procedure has no such slot."""

    slot: str
    need: SlotNeed | None
    standard_id: int
    asset_number: str
    certificate_id: int | None
    certificate_number: str
    """None and empty for a set whose values are those of its parts."""
    due_on: date | None
    override_reason: str


def uses_of(dossier: Dossier) -> tuple[Use, ...]:
    """The standards of a sheet, in the order chosen."""
    needs = {need.key: need for need in sheet_layout(dossier.worksheet).standards}
    return tuple(
        Use(row.slot, needs.get(row.slot), row.standard_id, row.standard.asset_number, row.certificate_id,
            row.certificate.number if row.certificate else "", _first_end(row), row.override_reason)
        for row in dossier.worksheet.standards)


def _first_end(row: WorksheetStandard) -> date | None:
    """Until when all certificates that give its values hold; None where one has no end."""
    ends = [valid_through(standard, certificate) for standard, certificate in row.certified]
    return min((end for end in ends if end is not None), default=None) if None not in ends else None


def standards(dossier: Dossier) -> Iterator[Finding]:
    """Each standard used against the day of measuring, by the rules that offered it."""
    uses = uses_of(dossier)
    found = [*unfit(uses, dossier.measured_on, circumstances(dossier.worksheet, dossier.cells)),
             *_other_parts(dossier.worksheet)]
    yield from found
    if uses and not stops(found):
        due = [(use.asset_number, day(use.due_on)) for use in uses] + [
            (part.standard.asset_number, day(valid_through(part.standard, part.certificate)))
            for row in dossier.worksheet.standards for part in row.parts if part.certificate is not None]
        yield ok("standards", "Chuẩn còn hạn và đúng phạm vi", "Standards valid and in range",
                 "; ".join(f"{name} đến {until}" for name, until in due),
                 "; ".join(f"{name} to {until}" for name, until in due))


def unfit(uses: Sequence[Use], on: date, around: Circumstances = ANYWHERE) -> Iterator[Finding]:
    """What stands against these standards on that day, as the register says now."""
    by_need: dict[SlotNeed, list[Use]] = {}
    for use in uses:
        if use.need is None:
            name = use.asset_number
            yield stop("standard", f"Quy trình không dùng chuẩn {name}", f"The procedure has no place for {name}",
                       page="sheet", where=use.slot)
        else:
            by_need.setdefault(use.need, []).append(use)
    for need, group in by_need.items():
        judged = assess([use.standard_id for use in group], need, on, around)
        for use in group:
            yield from _standard(use, judged[use.standard_id])


def _other_parts(worksheet: Worksheet) -> Iterator[Finding]:
    """Sets whose values are those of parts that are others now, or have other certificates."""
    for row in worksheet.standards:
        if row.certificate_id is None and not parts_agree(worksheet, row):
            name = row.standard.asset_number
            yield stop("standard_certificate", f"{name}: bộ phận hoặc giấy của bộ phận đã thay đổi",
                       f"{name}: its parts or their certificates have changed",
                       "Trả lại để chọn lại chuẩn và tính lại.", "Send back to choose the standard and evaluate again.",
                       page="sheet", where=row.slot)


def environment(dossier: Dossier) -> Iterator[Finding]:
    """Conditions inside the limits that hold; outside them only with a deviation that the document will state."""
    deviation = dossier.worksheet.deviation.strip()
    found = list(_outside(dossier))
    for cell, vi, en in found:
        if deviation:
            yield warn("environment", vi, en, f"Sai khác sẽ in trên giấy: {deviation}",
                       f"Deviation to be printed: {deviation}", page="sheet", where=cell)
        else:
            yield stop("environment", vi, en,
                       "Sửa nếu gõ nhầm; nếu đúng, ghi sai khác so với phương pháp trong phiếu đo.",
                       "Correct a slip; if it is right, state the deviation from the method in the sheet.",
                       page="sheet", where=cell)
    if dossier.procedure.environment and not found:
        yield ok("environment", "Môi trường trong giới hạn", "Environment inside its limits", *_conditions(dossier))
    yield from room(dossier)


def room(dossier: Dossier) -> Iterator[Finding]:
    """What the record of the room says of the time of measuring, beside what was typed."""
    record = record_of(dossier.worksheet)
    if record is None:
        return
    name = record.room.name
    for condition, found in record.findings:
        label_vi, label_en = _ROOM_WORDS[condition.quantity]
        span = f"{instant(found.begin)} – {instant(found.end)}"
        if found.extreme is None:
            yield warn("room_gap", f"{name}: {label_vi} không có số đọc {span}",
                       f"{name}: no {label_en} recorded {span}", page="sheet")
        else:
            extreme = f"{figure(f'{found.extreme:f}')} {condition.unit}"
            yield warn("room_excursion", f"{name}: {label_vi} ra ngoài giới hạn, tới {extreme}, {span}",
                       f"{name}: {label_en} passed its limits, {extreme}, {span}", page="sheet")
    for limit in record.unlike:
        yield warn("room_unit", f"{name}: không so được số ghi với giới hạn {limit.label.vi} theo {limit.unit}",
                   f"{name}: the record is not compared with limits of {limit.label.en} in {limit.unit}", page="sheet")
    if record.conditions and not record.findings:
        read = [(one, f"{figure(f'{one.lowest:f}')} ÷ {figure(f'{one.highest:f}')} {one.unit}")
                for one in record.conditions if one.lowest is not None]
        yield ok("room", f"{name}: máy ghi đủ số đọc, trong giới hạn",
                 f"{name}: recorded without gap, inside its limits",
                 "; ".join(f"{_ROOM_WORDS[one.quantity][0]} {text}" for one, text in read),
                 "; ".join(f"{_ROOM_WORDS[one.quantity][1]} {text}" for one, text in read))


_ROOM_WORDS = {"temperature": ("nhiệt độ", "temperature"), "humidity": ("độ ẩm", "humidity"),
               "pressure": ("áp suất", "pressure")}


def _outside(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """(cell, words in both languages) of each condition outside its limits."""
    for limit in held_conditions(dossier.worksheet, dossier.procedure.environment):
        for when, (vi, en) in {"start": ("đầu", "at the start"), "end": ("cuối", "at the end")}.items():
            cell = f"env/{limit.key}/{when}"
            entry = dossier.cells.get(cell)
            if entry is None or entry.value is None or _inside(limit, entry.value):
                continue
            shown, allowed = f"{figure(f'{entry.value:f}')} {limit.unit}", _allowed(limit)
            yield (cell, f"{limit.label.vi} {vi} {shown}, ngoài {allowed}",
                   f"{limit.label.en} {en} {shown}, outside {allowed}")


def _inside(limit: EnvironmentLimit, value: Decimal) -> bool:
    return (limit.lower is None or limit.lower <= value) and (limit.upper is None or value <= limit.upper)


def _allowed(limit: EnvironmentLimit) -> str:
    lower, upper = ("" if end is None else figure(f"{end:g}") for end in (limit.lower, limit.upper))
    if lower and upper:
        return f"({lower} ÷ {upper}) {limit.unit}"
    return f"≥ {lower} {limit.unit}" if lower else f"≤ {upper} {limit.unit}"


def capability(dossier: Dossier) -> Iterator[Finding]:
    """U not below the CMC of the measuring day as the register says now, at each point that a capability covers."""
    stated, known = _against_cmc(dossier)
    below = [row for row, least in known if row["U"] < least * (1 - CMC_GRACE)]
    for row in below:
        yield stop("cmc", f"U nhỏ hơn CMC ở điểm {figure(row['nominal_text'])}",
                   f"U below the CMC at {row['nominal_text']}",
                   "Phạm vi đã đổi sau khi gửi soát xét; trả lại để tính lại.",
                   "The scope changed after submission; send back to evaluate again.",
                   page="sheet", where=_first_cell(row))
    if known and not below:
        yield ok("cmc", f"U ≥ CMC ở {len(known)} / {len(stated)} điểm có kết quả",
                 f"U ≥ CMC at {len(known)} of {len(stated)} points with a result")


def bears_mark(dossier: Dossier) -> bool:
    """Whether the accreditation mark may stand on the document: every result is a calibration result within the scope
    of the measuring day, and no U is below the CMC (ILAC-P8:03/2019, ILAC-P14:09/2020)."""
    if dossier.kind != "calibration" or not dossier.organisation.mark_sha256:
        return False
    stated, known = _against_cmc(dossier)
    rows = [row for row in _rows(dossier) if row["state"] == "complete" and row["value"] is not None]
    return bool(rows) and len(rows) == len(stated) == len(known) and all(
        row["U"] >= least * (1 - CMC_GRACE) for row, least in known)


def mark(dossier: Dossier) -> Iterator[Finding]:
    """Told where the laboratory has a mark, so that nobody wonders on paper."""
    if dossier.organisation.mark_sha256 and dossier.kind == "calibration":
        if bears_mark(dossier):
            yield ok("mark", "Có dấu công nhận: mọi kết quả trong phạm vi", "With the mark: all results in scope")
        else:
            yield warn("mark", "Không in dấu công nhận: có kết quả ngoài phạm vi công nhận",
                       "Without the accreditation mark: a result is outside the scope")


def _against_cmc(dossier: Dossier) -> tuple[list[Mapping[str, Any]], list[tuple[Mapping[str, Any], float]]]:
    """Rows that state a U, and those of them that a capability covers, with its CMC."""
    cmc = cmc_for(dossier.procedure, dossier.worksheet.instrument_fields, dossier.measured_on)
    stated = [row for row in _rows(dossier) if row["U"] is not None]
    known = [(row, cmc[key]) for row in stated for key in [f"{row['table']}/{row['point']}"] if key in cmc]
    return stated, known


def rounding(dossier: Dossier) -> Iterator[Finding]:
    """The texts to be printed, formed again from the unrounded numbers."""
    digits = dossier.procedure.coverage.digits
    stated = [row for row in _rows(dossier) if row["value"] is not None and row["U"] is not None and row["U_text"]]
    for row in stated:
        again = report(row["value"], row["U"], digits=digits, cmc=_cmc_used(dossier, row))
        if (again.value, again.expanded_uncertainty) != (row["value_text"], row["U_text"]):
            yield stop("rounding", f"Điểm {figure(row['nominal_text'])}: làm tròn phải là "
                       f"{figure(again.value)} ± {figure(again.expanded_uncertainty)}",
                       f"At {row['nominal_text']} the rounded result is {again.value} ± {again.expanded_uncertainty}",
                       page="sheet", where=_first_cell(row))
            return
    if stated:
        count = "hai" if digits == 2 else "một"
        yield ok("rounding", f"Làm tròn theo U, {count} chữ số có nghĩa", f"Rounded to U, {digits} significant digits")


def _cmc_used(dossier: Dossier, row: Mapping[str, Any]) -> float | None:
    """The CMC with which the result was stated, in the unit of the report."""
    cmc = ((row["document"] or {}).get("reporting") or {}).get("cmc")
    stated = dossier.procedure.table(row["table"]).result
    if cmc is None or stated is None:
        return None
    return float(exact_decimal(cmc) * Decimal(stated.factor))


def _standard(use: Use, candidate: Candidate) -> Iterator[Finding]:
    name, standard_id = use.asset_number, str(use.standard_id)
    for reason in candidate.reasons:
        vi, en, code = f"{name}: {reason.text.vi}", f"{name}: {reason.text.en}", f"standard_{reason.code}"
        if reason.hard:
            yield stop(code, vi, en, page="standard", where=standard_id)
        elif use.override_reason:
            yield warn(code, vi, en, f"Đã chấp nhận: {use.override_reason}", f"Accepted: {use.override_reason}",
                       page="sheet", where=use.slot)
        elif reason.code == "reserved":  # made after the standard was taken: it hurts no result
            yield warn(code, vi, en, page="sheet", where=use.slot)
        else:
            yield stop(code, vi, en, page="sheet", where=use.slot)
    if candidate.counts_other_than(use.certificate_id):
        counts = candidate.certificate.number if candidate.certificate else ""
        used = use.certificate_number
        yield stop("standard_certificate",
                   f"{name}: giấy {used or 'của các bộ phận'} không còn là giấy áp dụng cho ngày đo",
                   f"{name}: certificate {used or 'of its parts'} no longer counts on the measuring day",
                   f"Giấy áp dụng: {counts or 'của các bộ phận'}; trả lại để tính lại.",
                   f"{counts or 'Those of its parts'} counts; send back to evaluate again.",
                   page="sheet", where=use.slot)
    if use.due_on is None:
        yield stop("standard_due", f"{name}: chưa có hạn hiệu chuẩn", f"{name} has no due date",
                   page="standard", where=standard_id)


def _conditions(dossier: Dossier) -> tuple[str, str]:
    vi, en = [], []
    for limit in dossier.procedure.environment:
        ends = [dossier.cells.get(f"env/{limit.key}/{when}") for when in ("start", "end")]
        values = " ÷ ".join(figure(f"{entry.value:f}") for entry in ends if entry and entry.value is not None)
        if values:
            vi.append(f"{limit.label.vi} {values} {limit.unit}")
            en.append(f"{limit.label.en} {values} {limit.unit}")
    return "; ".join(vi), "; ".join(en)


def _rows(dossier: Dossier) -> Iterator[Mapping[str, Any]]:
    for table in dossier.evaluation["tables"]:
        yield from printed.complete(table)


def _first_cell(row: Mapping[str, Any]) -> str:
    return str(row["cells"][0]) if row["cells"] else ""
