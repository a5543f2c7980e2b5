"""Every word of the pages has its English: nothing extracted is missing, empty, fuzzy, or loses a placeholder."""
from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

LIMS = Path(__file__).parents[2] / "lims"
KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None, "_n": None, "ngettext": (1, 2),
    "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2),
}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def extracted() -> set[tuple[str | None, str]]:
    """(context, message) of everything marked in the sources."""
    options = {"**.py": {"encoding": "utf-8"}, "templates/**.html": {"encoding": "utf-8", "silent": "false"}}
    found = extract_from_dir(str(LIMS), method_map=METHODS, options_map=options, keywords=KEYWORDS)
    return {(context, message if isinstance(message, str) else message[0])
            for _file, _line, message, _comments, context in found if message}


def english() -> Catalog:
    with (LIMS / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_word_is_translated() -> None:
    catalogue = english()
    missing = [message for context, message in sorted(extracted(), key=str)
               if (entry := catalogue.get(message, context)) is None or not entry.string or entry.fuzzy
               or (isinstance(entry.string, tuple) and not all(entry.string))]
    assert missing == []


def test_placeholders_survive_translation() -> None:
    lost = [entry.id for entry in english() if isinstance(entry.id, str) and isinstance(entry.string, str)
            and entry.id and set(PLACEHOLDER.findall(entry.id)) != set(PLACEHOLDER.findall(entry.string))]
    assert lost == []


def test_the_catalogue_holds_nothing_that_no_page_uses() -> None:
    used = {message for _context, message in extracted()}
    unused = [entry.id for entry in english() if entry.id and (
        entry.id if isinstance(entry.id, str) else entry.id[0]) not in used]
    assert unused == []


def test_vietnamese_is_spelled_in_one_way() -> None:
    """The tone mark stands on the first vowel of oa, oe, uy: hủy, khóa, hòa; never on the second."""
    other = re.compile(r"\b\w*(?:o[áàảãạéèẻẽẹ]|(?<![qQ])u[ýỳỷỹỵ])\b", re.IGNORECASE)
    files = [path for folder in ("lims", "instruments", "certificates", "uncertainty")
             for path in (LIMS.parent / folder).rglob("*") if path.suffix in (".py", ".html", ".js", ".toml", ".csv")]
    wrong = {f"{path.relative_to(LIMS.parent)}: {word[0]}" for path in files
             for word in other.finditer(path.read_text(encoding="utf-8"))}
    assert len(files) > 100
    assert wrong == set()


def test_the_catalogue_has_its_header_without_which_it_is_not_compiled() -> None:
    """Without a header a catalogue counts as fuzzy: it would be skipped, and English pages would be Vietnamese."""
    catalogue = english()
    assert not catalogue.fuzzy
    assert catalogue.plural_expr == "(n != 1)"
    assert str(catalogue.locale) == "en"
