"""A calculation's result as tables that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from uncertainty.rounding import decimal_comma
from uncertainty.table_words import FIELDS, VALUES

TITLES = {
    "budget": ("ĐỘ KHÔNG ĐẢM BẢO ĐO", "MEASUREMENT UNCERTAINTY"),
    "conformity": ("SỰ PHÙ HỢP", "CONFORMITY"),
    "interval": ("CHU KỲ HIỆU CHUẨN", "CALIBRATION INTERVAL"),
    "fit": ("ĐƯỜNG CHUẨN", "FIT"),
    "anova": ("PHÂN TÍCH PHƯƠNG SAI", "ANALYSIS OF VARIANCE"),
    "comparison": ("SO SÁNH LIÊN PHÒNG", "INTERLABORATORY COMPARISON"),
}
LANGUAGES = ("vi", "en")
_HIDDEN = ("text_vi", "text_en", "sensitivity_formula")


def as_table(kind: str, result: Mapping[str, object], language: str) -> str:
    """The result of one `kind` of calculation as aligned lines of text, in `vi` or `en`, ending with a line break."""
    words = _Words(LANGUAGES.index(language))
    lines = [TITLES[kind][words.column], ""]
    lines += _section(result, words, "")
    return "\n".join(lines).rstrip() + "\n"


class _Words:
    """Words and numbers of one language."""

    def __init__(self, column: int) -> None:
        self.column = column

    def field(self, name: str) -> str:
        return FIELDS[name][self.column] if name in FIELDS else name

    def value(self, value: object) -> str:
        if value is None:
            return "–"
        if isinstance(value, bool):
            return (("có", "yes") if value else ("không", "no"))[self.column]
        if isinstance(value, float):
            text = f"{value:.8g}"
            return decimal_comma(text) if self.column == 0 else text
        if isinstance(value, list):
            return "[" + "; ".join(self.value(member) for member in value) + "]"
        text = str(value)
        return VALUES[text][self.column] if text in VALUES else text


def _section(members: Mapping[str, object], words: _Words, indent: str) -> list[str]:
    """Plain values first, aligned; then one block for every object, table or list of remarks."""
    plain = [(words.field(key), words.value(value)) for key, value in members.items() if _is_plain(key, value)]
    width = max((len(name) for name, _ in plain), default=0)
    lines = [f"{indent}{name:<{width}}  {value}" for name, value in plain]
    # What will be printed on the certificate stands above the rest.
    for key, value in sorted(members.items(), key=lambda member: member[0] != "reported"):
        if key in _HIDDEN or _is_plain(key, value) or not value:
            continue
        lines += ["", f"{indent}{words.field(key)}"]
        if key == "reported" and isinstance(value, Mapping):
            lines.append(f"{indent}  {value['text_vi' if words.column == 0 else 'text_en']}")
        elif isinstance(value, Mapping):
            lines += _section(value, words, indent + "  ")
        elif isinstance(value, list):
            lines += [f"{indent}  {line}" for line in _list(value, words)]
    return lines


def _is_plain(key: str, value: object) -> bool:
    if key in _HIDDEN or key == "notes" or isinstance(value, Mapping):
        return False
    return not (isinstance(value, list) and any(isinstance(member, Mapping | list) for member in value))


def _list(value: Sequence[object], words: _Words) -> Iterable[str]:
    rows = [member for member in value if isinstance(member, Mapping)]
    if rows:
        columns = [key for key in rows[0] if key not in _HIDDEN]
        cells = [[words.field(key) for key in columns]]
        cells += [[words.value(row[key]) for key in columns] for row in rows]
        return _aligned(cells)
    lists = [member for member in value if isinstance(member, list)]
    if lists:
        return _aligned([[words.value(number) for number in row] for row in lists])
    return [f"- {member}" for member in value]


def _aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
