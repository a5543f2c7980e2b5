"""What the bodies about jobs mean to the use cases, and where a rule's refusal stands in them."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lims.api.bodies import judged
from lims.api.job_forms import JobReview, NewJob
from lims.customers import service as customers
from lims.jobs import procedures
from lims.jobs.models import Job, JobItem
from lims.jobs.regimes import Regime
from lims.jobs.service import ReceivedItem, Reception
from lims.shared import clock
from lims.shared.errors import Invalid

_AGREED = ("decision_rule", "interval_agreed_months", "regime", "regime_reason", "regime_note")


def reception_of(body: dict[str, Any]) -> Reception:
    """The reception that a body tells. Raises Faulty, Invalid at its path."""
    form = judged(NewJob, body)
    new, code = form.new_customer.form, form.customer.data
    particulars = {name: new[name].data or "" for name in ("name", "address", "tax_code", "contact", "phone")}
    if code and new.name.data:
        raise Invalid("Chỉ ghi một: mã doanh nghiệp, hoặc doanh nghiệp mới.",
                      "Give one of them: the code of the customer, or a new customer.", "new_customer")
    if new.name.data and not new.address.data:
        raise Invalid("Hãy ghi địa chỉ của doanh nghiệp mới.", "Give the address of the new customer.",
                      "new_customer.address")
    versions = {row.code: row.id for row, _procedure in procedures.current()}
    received = []
    for at, entry in enumerate(item.form for item in form.items):
        if entry.procedure.data not in versions:
            raise Invalid(f"Không có quy trình “{entry.procedure.data}”.",
                          f"There is no procedure “{entry.procedure.data}”.", f"items.{at}.procedure")
        received.append(ReceivedItem(
            procedure_id=versions[entry.procedure.data], instrument_id=entry.instrument.data, **{
                name: entry[name].data or "" for name in (
                    "kind", "name", "maker", "model", "serial", "tag", "regime", "regime_reason", "regime_note",
                    "condition", "accessories")}))
    return Reception(
        customer_id=customers.customer_by_code(code, "customer").id if code else None,
        new_customer=particulars if new.name.data else {}, received_on=form.received_on.data or clock.today(),
        promised_on=form.promised_on.data, place=form.place.data, delivered_by=form.delivered_by.data,
        note=form.note.data, items=received)


def received(act: Callable[[Reception], object], reception: Reception) -> None:
    """Receive; a refusal stands where the body has the value."""
    try:
        act(reception)
    except Invalid as error:
        first, _dot, rest = error.field.partition(".")
        at, _dot, name = rest.partition(".")
        if first == "items" and name == "procedure_id":
            error.field = f"items.{at}.procedure"
        elif first == "items" and name == "serial" and reception.items[int(at)].instrument_id is not None:
            error.field = f"items.{at}.instrument"
        elif error.field == "tax_code":
            error.field = "new_customer.tax_code"
        raise


def review_of(body: dict[str, Any], job: Job) -> dict[str, Any]:
    """Arguments of the review of a request: what a body leaves out of an item stays as it is. Raises Faulty, Invalid
    at its path."""
    known = {item.code: item for item in job.items}
    form = judged(JobReview, {"note": job.review_note} | _filled(body, known))
    rules = {item.id: item.decision_rule for item in job.items}
    intervals = {item.id: item.interval_agreed_months for item in job.items}
    asked: dict[int, Regime] = {}
    for at, entry in enumerate(item.form for item in form.items):
        item = known.get(entry.item.data)
        if item is None:
            raise Invalid(f"Phiếu này không có mục “{entry.item.data}”.", f"The job has no item “{entry.item.data}”.",
                          f"items.{at}.item")
        rules[item.id], intervals[item.id] = entry.decision_rule.data, entry.interval_agreed_months.data
        if item.service == "verification":
            asked[item.id] = Regime(entry.regime.data, entry.regime_reason.data or "", entry.regime_note.data or "")
    return {"rules": rules, "intervals": intervals, "note": form.note.data, "asked": asked}


def reviewed(act: Callable[[], object], body: Mapping[str, Any], job: Job) -> None:
    """Review; a refusal stands where the body has the value ("rule-7" of the page is that of item 7)."""
    places = {item.id: item.code for item in job.items}
    sent = [entry.get("item") for entry in body.get("items", ())]
    try:
        act()
    except Invalid as error:
        kind, _dash, rest = error.field.partition("-")
        number, _dash, name = rest.partition("-")
        code = places.get(int(number)) if number.isdigit() else None
        if code in sent:
            error.field = f"items.{sent.index(code)}.{'decision_rule' if kind == 'rule' else name}"
        raise


def _filled(body: Mapping[str, Any], known: Mapping[str, JobItem]) -> dict[str, Any]:
    """The body with what stands now in the place of what it leaves out."""
    entries = body.get("items")
    if not isinstance(entries, list):
        return dict(body)
    return {**body, "items": [
        {**{name: getattr(known[entry["item"]], name) for name in _AGREED}, **entry}
        if isinstance(entry, dict) and isinstance(entry.get("item"), str) and entry["item"] in known else entry
        for entry in entries]}
