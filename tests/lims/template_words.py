"""Reads templates as a translator would: which words stand in them that no catalogue can reach?"""
from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, nodes

FOLDER = Path(__file__).parents[2] / "lims" / "templates"

# Abbreviations and names that are the same in both languages; single letters of formulas always pass. Whatever else
# needs no translation stands in an element with translate="no".
SAME_IN_BOTH = frozenset({"LIMS", "Excel", "CSV", "PDF", "DCC", "XML", "JSON", "QR", "HTTPS", "MPE", "TUR", "CMC",
                          "En", "Cm", "σpt"})
NAMES = ("Chuẩn LIMS", "SHA-256", "Ed25519")
TRANSLATORS = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})
# Attributes that are read aloud or shown; data-l is the heading that a stacked table row carries on a phone.
SPOKEN = frozenset({
    "placeholder", "title", "alt", "label", "aria-label", "aria-description", "aria-valuetext", "data-l",
})
UNREAD = frozenset({"script", "style", "kbd", "code", "var"})
EXPRESSION = "\ue000"  # stands for {{ … }}; not a letter, not a space

_environment = Environment(loader=FileSystemLoader(FOLDER), extensions=["jinja2.ext.i18n"], autoescape=True)


def templates() -> list[str]:
    """Every template's name, relative to its folder."""
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def parsed(text: str) -> nodes.Template:
    return _environment.parse(text)


def markup(text: str) -> str:
    """The template as plain HTML: an expression becomes one sign, statements and comments vanish, lines stay."""
    kept: list[str] = []
    inside, statement, translated = "", "", False
    for _line, kind, value in _environment.lex(text):
        if kind in ("variable_begin", "block_begin", "comment_begin"):
            inside, statement = kind.removesuffix("_begin"), ""
        if inside == "block" and kind == "name" and not statement:
            statement = value
        if kind == "data" and not translated:
            kept.append(value)
        else:
            kept.append("\n" * value.count("\n"))
        if kind.endswith("_end") and inside:
            if inside == "variable":
                before = next((part for part in reversed(kept) if part), "")
                kept.append("x" if before.endswith(("<", "</")) else EXPRESSION)  # the name of a tag may be computed
            elif statement in ("trans", "endtrans"):
                translated = statement == "trans"
            inside = ""
    return "".join(kept)


class _Reader(HTMLParser):
    """Collects (line, words) of text and spoken attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in UNREAD or given.get("translate") == "no":
            self.unread.append(tag)
        for name, value in attrs:
            button = name == "value" and tag == "input" and given.get("type") in ("submit", "button", "reset")
            if name in SPOKEN or button:
                self._look(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self._look(data)

    def _look(self, text: str) -> None:
        for part in text.split(EXPRESSION):
            if _needs_translation(part):
                self.found.append((self.getpos()[0], " ".join(part.split())))


def _needs_translation(text: str) -> bool:
    for name in NAMES:
        text = text.replace(name, "")
    words = ["".join(run) for letters, run in groupby(text, str.isalpha) if letters]
    return any(word not in SAME_IN_BOTH and not _symbol(word) for word in words)


def _symbol(word: str) -> bool:
    """A single Latin or Greek letter, as in U = k · u or ν."""
    return len(word) == 1 and (word.isascii() or "\u0370" <= word <= "\u03ff")


def bare_words(text: str) -> list[tuple[int, str]]:
    """(line, words) that stand in the page itself instead of coming through _()."""
    reader = _Reader()
    reader.feed(markup(text))
    reader.close()
    return reader.found


def bare_literals(text: str) -> list[tuple[int, str]]:
    """(line, literal) with letters outside ASCII in an expression, such as badge("ok", "Đạt"), not inside _()."""
    return [(const.lineno, const.value) for const in _untranslated(parsed(text))
            if isinstance(const.value, str) and not const.value.isascii() and _needs_translation(const.value)]


def _untranslated(node: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATORS:
        return
    if isinstance(node, nodes.Const):
        yield node
    for child in node.iter_child_nodes():
        yield from _untranslated(child)


def named_icons(text: str) -> set[str]:
    """Icon names written out in a template: icon("…") and the keyword sign="…"."""
    given: list[nodes.Expr] = []
    for call in parsed(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "icon":
            given += call.args[:1]
        given += [keyword.value for keyword in call.kwargs if keyword.key == "sign"]
    return {node.value for node in given if isinstance(node, nodes.Const) and node.value}
