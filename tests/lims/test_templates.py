"""Templates: nothing untranslatable in them, nothing the content policy refuses, components that keep their word."""
from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired

from lims.shared.forms import DayField
from tests.lims.template_words import (
    FOLDER,
    bare_literals,
    bare_words,
    markup,
    named_icons,
    source,
    templates,
)

STATIC = FOLDER.parent / "static"
TEMPLATES = templates()

# ---- words ----


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_word_of_a_template_can_be_translated(name: str) -> None:
    assert [f"{name}:{line}: {words}" for line, words in bare_words(source(name)) + bare_literals(source(name))] == []


@pytest.mark.parametrize("planted", [
    "<p>Quá hạn</p>", "<p>{{ day }} ngày</p>", '<input placeholder="Tìm">', '<img alt="Sơ đồ">',
    '<th aria-label="Hạn {{ y }}">',
    '<input type="submit" value="Lưu">', '<td data-l="Hạn">{{ x }}</td>', "{% if a %}Có{% else %}{{ b }}{% endif %}",
    "<kbd>F2</kbd> edit", "{# no #}yes", "<optgroup label='Nhóm'>", "<p>ở {{ place }}</p>", "<th>Chuẩn</th>",
])
def test_a_bare_word_is_found(planted: str) -> None:
    assert bare_words(planted)


@pytest.mark.parametrize("fine", [
    '<p>{{ _("Quá hạn") }}</p>', '<p class="muted">{{ a }} · {{ b }}: 12 %</p>', "<kbd>Ctrl</kbd>", "<b>Chuẩn LIMS</b>",
    "<td>U = k · u</td>", "<th>ν</th>", '<b translate="no">Chuẩn</b>',
    "<{{ tag }} class='cell'>{{ text }}</{{ tag }}>",
    "<input type='hidden' value='abc'>", "{% trans %}Quá hạn{% endtrans %}", '<td data-l="{{ _(\'Hạn\') }}">1</td>',
])
def test_what_is_translated_or_the_same_in_both_languages_passes(fine: str) -> None:
    assert bare_words(fine) == []


def test_a_vietnamese_literal_handed_to_a_component_is_found() -> None:
    assert bare_literals('{{ badge("ok", "Đạt") }}') == [(1, "Đạt")]
    assert bare_literals('{{ badge("ok", _("Đạt")) }}') == []


# ---- what the content policy and the forgery guard want ----


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.faults += [f"<{tag} {name}>" for name in given if name == "style" or re.fullmatch(r"on[a-z]+", name)]
        data = given.get("type") == "application/json"  # read by a script, never run
        if tag == "style" or (tag == "script" and not data and not {"src", "nonce"} & given.keys()):
            self.faults.append(f"<{tag}> in the page")
        self.faults += [f"<{tag} {name}={value}>" for name, value in attrs
                        if name in ("src", "action", "srcset") and re.match(r"(https?:)?//", value or "")]


ALONE = {"issue/offline.html"}
"""Written to a file by a command, with a policy of its own that names its one style and script by digest."""


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in ALONE])
def test_no_template_needs_what_the_content_policy_refuses(name: str) -> None:
    page = _Page()
    page.feed(markup(source(name)))
    assert page.faults == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_that_changes_something_carries_the_token(name: str) -> None:
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(name), re.S)
    assert [form[:90] for form in forms if not re.search(r"csrf\(\)|hidden_tag\(\)|csrf_token", form)] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_opens_it_closes(name: str) -> None:
    """A closing tag too many ends the page's frame, and everything after it slides out of its place."""
    text = re.sub(r"\{#.*?#\}", "", source(name), flags=re.S)
    open_and_closed = {tag: (len(re.findall(rf"<{tag}[\s>{{]", text)), len(re.findall(rf"</{tag}>", text)))
                       for tag in ("main", "section", "div", "form", "details", "table", "tbody", "ul", "li")}
    assert {tag: counts for tag, counts in open_and_closed.items() if counts[0] != counts[1]} == {}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_icon_named_in_a_template_exists(name: str) -> None:
    assert named_icons(source(name)) <= _macros("_icons.html").paths.keys()


def test_style_sheets_take_everything_from_this_folder() -> None:
    for sheet in STATIC.glob("*.css"):
        text = sheet.read_text()
        assert "@import" not in text
        assert [url for url in re.findall(r'url\("?([^")]+)"?\)', text) if not (STATIC / url).is_file()] == []


def test_scripts_write_text_or_what_the_server_rendered_never_markup_of_their_own() -> None:
    rendered = r"innerHTML(?! = body\.)"  # body: the answer of our own server, escaped by its template
    other = r"outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://(?!www\.w3)"
    risky = re.compile(f"{rendered}|{other}")
    found = {path.name: risky.search(path.read_text()) for path in STATIC.rglob("*.js")}
    assert {name: match[0] for name, match in found.items() if match} == {}


def test_fonts_stand_with_their_licence() -> None:
    assert (STATIC / "fonts" / "LICENSE-OFL.txt").read_text().count("SIL OPEN FONT LICENSE")
    assert len(list((STATIC / "fonts").glob("*.woff2"))) == 8


# ---- components ----


class _Part(Form):
    serial = StringField("Số chế tạo", [DataRequired("Cần số chế tạo.")])


class _Sample(Form):
    tax = StringField("Mã số thuế", [DataRequired("Cần mã số thuế.")], description="10 hoặc 13 số.")
    due = DayField("Ngày hẹn")
    plain_date = DateField("Ngày nhận", format="%d/%m/%Y")
    service = SelectField("Dịch vụ", choices=[SelectChoice("c", "Hiệu chuẩn")])
    rule = RadioField("Quy tắc", choices=[SelectChoice("a", "Đơn giản"), SelectChoice("b", "Dải bảo vệ")])
    known = BooleanField("Đã biết")
    password = PasswordField("Mật khẩu")
    scan = FileField("Bản quét")
    token = HiddenField("Mã")
    parts = FieldList(FormField(_Part), min_entries=2)


def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(csrf_token=lambda: "token", get_flashed_messages=lambda with_categories: [
        ("success", "Đã in 3 nhãn"), ("error", "Không gửi được thư")])
    return environment


def _macros(name: str = "_macros.html") -> Any:
    return _environment().get_template(name).module


def _sent(**values: str) -> _Sample:
    form = _Sample(MultiDict(values))
    form.validate()
    return form


def test_a_wrong_field_points_to_its_hint_and_its_message() -> None:
    html = str(_macros().field(_sent(tax="").tax))
    assert 'aria-describedby="tax-h tax-e"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'class="form-control is-invalid"', html)
    assert '<span class="form-text" id="tax-h">10 hoặc 13 số.</span>' in html
    assert re.search(r'id="tax-e">.*Cần mã số thuế\.', html)


def test_a_right_field_is_not_marked() -> None:
    html = str(_macros().field(_sent(tax="1801234567").tax))
    assert "is-invalid" not in html
    assert "aria-invalid" not in html
    assert 'value="1801234567"' in html


@pytest.mark.parametrize("name", ["due", "plain_date"])
def test_a_date_is_a_text_box_and_shows_day_month_year(name: str) -> None:
    form = _Sample(data={name: date(2026, 3, 5)})
    html = str(_macros().field(form[name]))
    assert 'type="text"' in html
    assert "data-date" in html
    assert 'value="05/03/2026"' in html


def test_what_was_typed_stays_in_a_wrong_date() -> None:
    assert 'value="31/2/26"' in str(_macros().field(_sent(due="31/2/26").due))


@pytest.mark.parametrize(("name", "wanted"), [
    ("service", '<select class="form-select"'), ("rule", "<fieldset"), ("known", '<label class="tick"><input'),
    ("password", 'type="password"'), ("scan", 'type="file"'),
])
def test_each_kind_of_field_has_its_own_shape(name: str, wanted: str) -> None:
    assert wanted in str(_macros().field(_Sample()[name]))


def test_a_hidden_field_has_no_label() -> None:
    assert "<label" not in str(_macros().field(_Sample().token))


def test_what_a_user_typed_is_never_markup() -> None:
    html = str(_macros().field(_sent(tax='"><script>alert(1)</script>').tax))
    assert "<script" not in html


def test_the_summary_counts_the_wrong_fields_and_leads_to_each_even_in_nested_forms() -> None:
    html = str(_macros().error_summary(_sent(tax="", service="c", **{"parts-0-serial": "1"})))
    assert "Còn 3 ô cần sửa." in html
    assert re.findall(r'href="#([^"]+)">([^<]+)<', html) == [
        ("tax", "Mã số thuế"), ("rule-0", "Quy tắc"), ("parts-1-serial", "Số chế tạo (2)")]


def test_the_summary_is_silent_when_all_is_right() -> None:
    form = _sent(**{"tax": "1801234567", "service": "c", "rule": "a", "parts-0-serial": "1", "parts-1-serial": "2"})
    assert form.errors == {}
    assert str(_macros().error_summary(form)).strip() == ""


def test_an_error_of_the_whole_form_is_said_above_it() -> None:
    form = _sent(tax="1")
    form.form_errors.append("Hồ sơ đã đổi.")
    assert "<p>Hồ sơ đã đổi.</p>" in str(_macros().error_summary(form))


@pytest.mark.parametrize(("state", "shape"), [("in_date", "is-ok"), ("due_soon", "is-warn"), ("overdue", "is-bad")])
def test_a_due_state_is_sign_and_word_and_colour(state: str, shape: str) -> None:
    html = str(_macros().due_badge(state, "Còn 16 ngày"))
    assert shape in html
    assert "<svg" in html
    assert "Còn 16 ngày" in html


def test_an_unknown_due_state_is_shown_without_a_light() -> None:
    assert str(_macros().due_badge("none", "Không hẹn")) == '<span class="badge">Không hẹn</span>'


def test_a_ruler_has_one_tick_per_thing_and_marks_what_is_done() -> None:
    html = str(_macros().ticks(16, 20, "16 trên 20 số đọc"))
    assert html.count("<rect") == 20
    assert html.count('class="done"') == 16
    assert 'aria-label="16 trên 20 số đọc"' in html


@pytest.mark.parametrize(("done", "total"), [(0, 0), (200, 200), (1, 1000)])
def test_a_ruler_stays_readable_for_nothing_and_for_many(done: int, total: int) -> None:
    assert 1 <= str(_macros().ticks(done, total, "")).count("<rect") <= 60


def test_the_pager_offers_no_page_that_is_not_there() -> None:
    html = str(_macros().pager("50 dòng", None, "/x?after=9"))
    assert 'href="/x?after=9" rel="next"' in html
    assert 'aria-disabled="true">Trước' in html


def test_a_key_is_shown_and_bound() -> None:
    html = str(_macros().button("Nhận", kind="primary", shortcut="Ctrl+Enter"))
    assert 'data-key="Ctrl+Enter"' in html
    assert "<kbd>Ctrl ↵</kbd>" in html


def test_errors_stay_in_the_page_and_good_news_is_a_toast() -> None:
    html = str(_macros().flashes())
    assert re.search(r'alert-bad" role="alert">.*Không gửi được thư.*id="toasts"', html, re.S)
    assert re.search(r'class="toast">.*Đã in 3 nhãn', html, re.S)


def test_an_error_between_its_limits_is_drawn_to_scale() -> None:
    html = str(_macros().lane(0.08, 0.04, -0.16, 0.16))
    assert 'cx="79.0"' in html  # 56 + 0.08/0.16 * 46
    assert 'x="67.5"' in html
    assert 'width="23.0"' in html


def test_a_confirmation_posts_with_the_token() -> None:
    html = str(_macros().confirm_dialog("drop", "Bỏ?", "", "/drop", "Bỏ"))
    assert 'name="csrf_token" value="token"' in html
    assert 'method="post" action="/drop"' in html
