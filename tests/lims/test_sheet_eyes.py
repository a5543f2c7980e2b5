"""What stands beside the readings: times waited, a second pair of eyes, what earlier visits say, photographs."""
from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from instruments.expectation import LEAST_OTHERS, expectation
from lims.jobs import photos, second_look
from lims.jobs.cells import Change, save_cells
from lims.jobs.observations import entries
from lims.jobs.sheet_state import state_of
from lims.jobs.submission import NotComplete, submit
from lims.jobs.worksheet import sheet_of
from lims.shared.errors import Conflict, Invalid, NotFound, NotPermitted
from tests.lims import factories as make
from tests.lims.people import logged_in, person

READING = "main/1/ind/1"


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The multimeter's procedure as one that wants a second pair of eyes and a soak of ten minutes."""
    from importlib.resources import files

    from lims.jobs import procedures

    text = (files("instruments") / "procedures" / "multimeter-dc.toml").read_text(encoding="utf-8")
    text = text.replace("[method]", "second_pair = true\n\n[method]", 1)
    text += '\n[[timers]]\nkey = "soak"\nlabel = { vi = "Ngâm nhiệt", en = "Soak" }\nseconds = 600\n'
    monkeypatch.setattr(make, "published", lambda _name: procedures.publish(text, "watched", actor=make.ACTOR))


@pytest.mark.usefixtures("watched")
class TestASecondPairOfEyes:
    def test_is_wanted_before_the_sheet_is_handed_on(self, app_on_both: Any) -> None:
        user = make.technician()
        code = make.filled(make.MULTIMETER, user).item.code
        with pytest.raises(NotComplete) as refusal:
            submit(code, user)
        assert [reason.code for reason in refusal.value.reasons] == ["second_pair"]
        second_look.look_over(code, make.technician(name="ktv2"))
        assert submit(code, user).verdict != "incomplete"

    def test_is_never_that_of_whoever_measured(self, app: Any) -> None:
        user, other = make.technician(), make.technician(name="ktv2")
        code = make.filled(make.MULTIMETER, user).item.code
        with pytest.raises(NotPermitted):
            second_look.look_over(code, user)
        save_cells(code, [Change("env/humidity/end", "57", 1, reason="đọc lại")], other)
        with pytest.raises(NotPermitted):
            second_look.look_over(code, other)

    def test_does_not_count_after_another_entry(self, app: Any) -> None:
        user, other = make.technician(), make.technician(name="ktv2")
        code = make.filled(make.MULTIMETER, user).item.code
        second_look.look_over(code, other)
        save_cells(code, [Change("env/humidity/end", "57", 1, reason="đọc lại")], user)
        assert second_look.is_missing(sheet_of(code))
        second_look.look_over(code, other)
        assert not second_look.is_missing(sheet_of(code))
        assert [entry.revision for entry in entries(sheet_of(code).id) if entry.cell == "look"] == [1, 2]

    def test_is_taken_on_the_page_by_another_person(self, app: Any) -> None:
        user, other = make.technician(), make.technician(name="ktv2")
        code = make.filled(make.MULTIMETER, user).item.code
        assert "Tôi đã xem lại" not in logged_in(app, user).get(f"/items/{code}/sheet").get_data(as_text=True)
        client = logged_in(app, other)
        assert "Tôi đã xem lại" in client.get(f"/items/{code}/sheet").get_data(as_text=True)
        assert client.post(f"/items/{code}/look").status_code == 303
        assert state_of(sheet_of(code))["looked"]["by"] == other.full_name


@pytest.mark.usefixtures("watched")
class TestTimesToBeWaited:
    def test_readings_before_their_time_are_told(self, app: Any) -> None:
        user = make.technician()
        code = make.filled(make.MULTIMETER, user).item.code

        def told() -> list[str]:
            return [one["code"] for one in state_of(sheet_of(code))["evaluation"]["warnings"]]

        assert told() == ["timer_short"]
        save_cells(code, [Change("timer/soak", "599", 0)], user)
        assert told() == ["timer_short"]
        save_cells(code, [Change("timer/soak", "600", 1, reason="chờ thêm")], user)
        assert told() == []

    def test_an_unknown_time_is_no_cell(self, app: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        assert save_cells(code, [Change("timer/other", "5", 0)], user)[0].status == "refused"


def test_a_sheet_that_waits_for_nobody_takes_no_look(app: Any) -> None:
    code = make.filled(make.MULTIMETER).item.code
    with pytest.raises(Conflict):
        second_look.look_over(code, make.technician(name="ktv2"))


class TestTheGuardOfEarlierVisits:
    def test_asks_about_a_reading_that_only_the_nominal_believes(self, app_on_both: Any) -> None:
        """A gauge read 5,958 bar last time; 5,598 lies near the nominal 6 bar and is two digits swapped."""
        user = make.technician(make.GAUGE)
        first = make.submitted(make.GAUGE, user)
        instrument = sheet_of(_code(first)).item.instrument
        standard = sheet_of(_code(first)).standards[0].standard
        sheet = make.started(make.GAUGE, user, of=instrument, served_by=standard)
        code = sheet.item.code
        (outcome,) = save_cells(code, [Change("main/3/up/1", "5,598", 0)], user)
        assert (outcome.status, outcome.suggestion) == ("guard", "5.958")
        assert outcome.message is not None
        assert "Lần trước: 5,958" in outcome.message.vi
        assert save_cells(code, [Change("main/3/up/1", "5,955", 0)], user)[0].status == "saved"

    def test_is_silent_for_an_instrument_seen_for_the_first_time(self, app: Any) -> None:
        user = make.technician(make.GAUGE)
        code = make.started(make.GAUGE, user).item.code
        assert save_cells(code, [Change("main/3/up/1", "5,598", 0)], user)[0].status == "saved"

    @given(st.decimals("1", "9", places=2), st.floats(0.01, 1))
    def test_of_the_instrument_itself_allows_the_permissible_errors(self, own: Decimal, mpe: float) -> None:
        known = expectation(own, [], mpe=mpe, resolution=None)
        assert known is not None
        assert (known.expected, known.source) == (own, "own")
        assert float(known.within) == pytest.approx(mpe, rel=1e-5)

    def test_of_the_model_needs_enough_others(self) -> None:
        others = [Decimal(text) for text in ("5.95", "5.96", "5.94", "5.95", "5.97")]
        assert expectation(None, others[:LEAST_OTHERS - 1], mpe=0.1, resolution=None) is None
        known = expectation(None, others, mpe=None, resolution=Decimal("0.01"))
        assert known is not None
        assert (known.source, known.expected, known.within) == ("model", Decimal("5.954"), Decimal("0.0570088"))

    def test_without_a_width_says_nothing(self) -> None:
        assert expectation(Decimal(5), [], mpe=None, resolution=Decimal("0.1")) is None
        assert expectation(None, [Decimal(5)] * 9, mpe=None, resolution=None) is None


def _code(result: Any) -> str:
    from tests.lims.laboratory import item_of

    return item_of(result).code


def picture(size: tuple[int, int] = (40, 20), kind: str = "JPEG") -> bytes:
    """A picture whose metadata tell where it was taken; orientation 6 lays it on its side."""
    image, out = Image.new("RGB", size, (200, 30, 30)), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET-PLACE"
    image.save(out, kind, exif=exif)
    return out.getvalue()


class TestPhotographs:
    def test_are_kept_upright_without_what_the_camera_wrote(self, app_on_both: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        content = picture()
        assert b"SECRET-PLACE" in content
        photo = photos.keep(code, content=content, subject="seal", note="Niêm 12", user=user)
        kept = photos.get(code, photo.id).file
        assert b"SECRET-PLACE" not in kept.content
        assert (photo.width, photo.height) == (20, 40)
        assert not Image.open(io.BytesIO(kept.content)).getexif()

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff" + b"\0" * 50, b"<svg/>", picture()[:200],
                                         b"GIF89a" + b"\0" * 50])
    def test_what_is_no_picture_is_refused(self, app: Any, content: bytes) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        with pytest.raises(Invalid) as refusal:
            photos.keep(code, content=content, subject="seal", note="", user=user)
        assert refusal.value.field == "photo"

    def test_a_picture_of_too_many_points_is_refused_unread(self) -> None:
        out = io.BytesIO()
        Image.new("1", (20000, 20000)).save(out, "PNG")
        with pytest.raises(Invalid):
            photos.drawn_anew(out.getvalue())

    def test_a_large_one_is_made_smaller(self) -> None:
        content, width, height = photos.drawn_anew(picture((3000, 1000), "PNG"))
        assert max(width, height) == photos.LONGEST_EDGE
        assert len(content) < 100_000

    def test_are_taken_shown_and_struck_out_with_a_reason(self, app: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        client = logged_in(app, user)
        sent = client.post(f"/items/{code}/photos", data={
            "photo": (io.BytesIO(picture()), "../../x.jpg"), "subject": "seal", "note": "<b>niêm</b>"})
        assert sent.status_code == 303
        page = client.get(f"/items/{code}/photos").get_data(as_text=True)
        assert "&lt;b&gt;niêm&lt;/b&gt;" in page
        shown = client.get(f"/items/{code}/photos/1.jpg")
        assert (shown.status_code, shown.mimetype, shown.headers["X-Content-Type-Options"]) == (
            200, "image/jpeg", "nosniff")
        client.post(f"/items/{code}/photos/1/strike", data={"reason": "mờ"})
        assert "Không tính:" in client.get(f"/items/{code}/photos").get_data(as_text=True)

    def test_belong_to_their_item_and_to_who_measures(self, app: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        photo = photos.keep(code, content=picture(), subject="other", note="", user=user)
        with pytest.raises(NotFound):
            photos.get("26-99999/01", photo.id)
        client = logged_in(app, person("reception", "lan"))
        assert client.get(f"/items/{code}/photos").status_code == 200
        assert client.post(f"/items/{code}/photos").status_code == 403
