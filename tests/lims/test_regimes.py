"""Why an instrument is verified: what each regime must say, and what the legal list foresees."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lims.issue import afterwards, issuing, remarks
from lims.issue.dossier import load
from lims.jobs import regimes, service
from lims.jobs.regimes import NEEDS_NOTE, REASONS, REGIMES, Regime
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.staff.models import OfficerCard
from lims.staff.officers import names_field
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE


@settings(deadline=None)
@given(st.sampled_from([*REGIMES, "", "x"]), st.sampled_from([*REASONS, "", "x"]), st.sampled_from(["", " ", "QCVN 1"]))
def test_a_kept_regime_says_what_it_must(regime: str, reason: str, note: str) -> None:
    asked = Regime(regime, reason, note)
    if regime not in REGIMES or (regime == "after_repair" and reason not in REASONS) or (
            regime in NEEDS_NOTE and not note.strip()):
        with pytest.raises(Invalid):
            regimes.checked(asked)
        return
    kept = regimes.checked(asked)
    assert kept.regime in REGIMES
    assert bool(kept.reason) == (kept.regime == "after_repair")
    assert kept.note or kept.regime not in NEEDS_NOTE
    assert not kept.note or kept.regime not in ("initial", "periodic")


@pytest.mark.parametrize(("card", "field", "named"), [
    ("Áp suất", "pressure", True), ("pressure", "pressure", True), ("Khối lượng; áp suất", "pressure", True),
    ("Dung tích - lưu lượng", "volume/flow", True), ("Khối lượng", "pressure", False), ("", "pressure", False),
    ("Điện tử học", "optics", False), ("Nhiệt", "temperature", True), ("Áp suất", "", False)])
def test_a_card_names_a_field_by_whole_words(card: str, field: str, named: bool) -> None:
    assert names_field(card, field) is named


def received(head: Any, **asked: str) -> Any:
    item = factories.instrument(GAUGE)
    return service.receive(service.Reception(item.customer_id, clock.today(), [service.ReceivedItem(
        procedure_id=factories.published(GAUGE.procedure).id, instrument_id=item.id, **asked)]), head).items[0]


def test_the_regime_is_kept_with_its_reason_and_changed_at_the_review(app: Any) -> None:
    head = laboratory.opened()
    item = received(head, regime="after_repair", regime_reason="evidence_lost", regime_note="mất giấy 12/2025")
    assert (item.regime, item.regime_reason, item.regime_note) == ("after_repair", "evidence_lost", "mất giấy 12/2025")
    for asked, field in (({"regime": "after_repair"}, "items.0.regime_reason"),
                         ({"regime": "other"}, "items.0.regime_note"),
                         ({"regime": "counter", "regime_note": "Trung tâm X"}, "items.0.regime")):
        with pytest.raises(Invalid) as refusal:
            received(head, **asked)
        assert refusal.value.field == field
    service.review_request(item.job_id, rules={item.id: item.decision_rule}, intervals={}, note="", user=head,
                           asked={item.id: Regime("other", "", "QCVN 01:2026")})
    assert session().get_one(type(item), item.id).regime == "other"


def test_the_reason_stands_in_the_frozen_record(app: Any) -> None:
    laboratory.opened()
    item = laboratory.waiting(GAUGE, regime="after_repair", regime_reason="user_doubt", regime_note="số chỉ nhảy")
    said = [remark.vi for remark in remarks.legal(load(item.id))]
    assert said == ["Lý do kiểm định sau sửa chữa: người sử dụng nghi ngờ kết quả đo", "Sau sửa chữa: số chỉ nhảy"]


def test_of_two_cards_the_one_for_the_field_counts(app: Any) -> None:
    laboratory.opened()
    item = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv"), "Áp suất"))
    with write("test.card", actor=factories.ACTOR) as current:
        current.add(OfficerCard(user_id=item.worksheet.performed_by_id, number="0186-99", field="Khối lượng",
                                issued_by="", valid_from=clock.today(), valid_to=clock.today().replace(year=2040)))
    card = load(item.id).card
    assert card is not None
    assert card.field == "Áp suất"


def test_a_counter_verification_of_the_laboratorys_own_is_judged_by_a_person(app: Any) -> None:
    head = laboratory.approver(laboratory.opened(), GAUGE)
    laboratory.confirmed_gauge(head)
    officer = laboratory.officer(factories.technician(GAUGE, "kdv"))
    first = laboratory.waiting(GAUGE, officer)
    standard = first.worksheet.standards[0].standard if first.worksheet else None

    def told() -> list[str]:
        return [one.en for one in issuing.examine(again.id, head).findings if one.code == "counter"]

    again = laboratory.waiting(GAUGE, officer, of=first.instrument, served_by=standard, regime="counter",
                               regime_note="Trung tâm B, số 12")
    assert told() == []
    made = issuing.issue_certificate(first.id, signer=head, password=PASSWORD)
    session().expire_all()
    assert told() == [f"A counter-verification is another body's; {made.number}, in force, is this laboratory's own"]
    afterwards.withdraw(made.id, signer=head, password=PASSWORD, reason="cấp nhầm")
    session().expire_all()
    assert told() == []
