"""Numbers of documents: a pattern that is data of the series, and its formatting, parsing and comparison.

A pattern is text with `{seq:05d}` (once; digits of the running number, zero-padded), at most one of `{yy}` and
`{yyyy}`, and at most one `{suffix}`, last ("C{yy}-{seq:05d}{suffix}"; the suffix of a re-issue is ".R1"). Everything
else stands for itself: letters, digits, space and - / . ( ).
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 60
_FIELD = re.compile(r"\{(seq:0(\d)d|seq|yy|yyyy|suffix)\}")
_LITERAL = re.compile(r"(?:[^\W_]|[ \-/.()])*")
_SUFFIX = re.compile(r"(?:[^\W_]|[\-/.()])*")


class NumberError(ValueError):
    """A pattern or number that cannot be used; the message says what is expected."""


@dataclass(frozen=True)
class Number:
    """One number of a series; `str()` gives its text, and `pattern.parse(str(n)) == n` always holds."""

    pattern: "Pattern"
    seq: int
    year: int
    suffix: str = ""

    def __str__(self) -> str:
        return "".join(self._part(part) for part in self.pattern.parts)

    def _part(self, part: str) -> str:
        match part:
            case "{seq}":
                return f"{self.seq:0{self.pattern.digits}d}"
            case "{yy}":
                return f"{self.year % 100:02d}"
            case "{yyyy}":
                return f"{self.year:04d}"
            case "{suffix}":
                return self.suffix
        return part


@dataclass(frozen=True)
class Pattern:
    """A checked pattern: literals and fields in order; `digits` = least digits of the running number."""

    text: str
    parts: tuple[str, ...]
    digits: int

    @classmethod
    def read(cls, text: str) -> "Pattern":
        """Raises NumberError naming the fault; see the module for the rules."""
        parts: list[str] = []
        digits, end = 1, 0
        for field in _FIELD.finditer(text):
            parts += [text[end : field.start()], "{" + field[1].partition(":")[0] + "}"]
            digits, end = int(field[2] or digits), field.end()
        parts.append(text[end:])
        pattern = cls(text, tuple(part for part in parts if part), max(digits, 1))
        pattern._check()
        return pattern

    @property
    def has_year(self) -> bool:
        """Whether the number tells its year, so that the series may begin again each year."""
        return "{yy}" in self.parts or "{yyyy}" in self.parts

    def number(self, seq: int, year: int, suffix: str = "") -> Number:
        """The number `seq` of `year`; year 0 for a pattern without a year. Raises NumberError out of range."""
        if seq < 1:
            raise NumberError(f"a running number starts at 1, not {seq}")
        if self.has_year and not (2000 <= year <= 2099):
            raise NumberError(f"year {year}: two digits tell the years 2000 to 2099 only")
        if suffix and "{suffix}" not in self.parts:
            raise NumberError(f"pattern {self.text!r} has no place for the suffix {suffix!r}")
        if suffix != suffix.upper() or not _SUFFIX.fullmatch(suffix):
            raise NumberError(f"suffix {suffix!r}: capital letters, digits and - / . ( ) only, without spaces")
        if suffix[:1].isdigit() and self.parts[-2:-1] == ("{seq}",):
            raise NumberError(f"suffix {suffix!r} would read as part of the running number")
        return Number(self, seq, year if self.has_year else 0, suffix)

    def format(self, seq: int, year: int, suffix: str = "") -> str:
        """Text of that number, e.g. "C26-00417"."""
        return str(self.number(seq, year, suffix))

    def parse(self, text: str) -> Number:
        """The number written as `text`, whatever its case and spaces; raises NumberError when not of this series."""
        match = re.fullmatch(self._expression(), normalised(text), re.ASCII)
        if match is None:
            raise NumberError(f"{text!r} is not a number of the series {self.text!r}")
        found = match.groupdict()
        year = int(found["yyyy"]) if found.get("yyyy") else 2000 + int(found["yy"]) if found.get("yy") else 0
        number = self.number(int(found["seq"]), year, found.get("suffix") or "")
        if not same(str(number), text):  # more zeros than the pattern gives
            raise NumberError(f"{text!r}: {str(number)!r} is expected")
        return number

    def _expression(self) -> str:
        fields = {
            "{seq}": rf"(?P<seq>[0-9]{{{self.digits},12}})",
            "{yy}": "(?P<yy>[0-9]{2})",
            "{yyyy}": "(?P<yyyy>[0-9]{4})",
            "{suffix}": "(?P<suffix>.*)",
        }
        return "".join(fields.get(part) or re.escape(normalised(part)) for part in self.parts)

    def _check(self) -> None:
        fields = [part for part in self.parts if part.startswith("{")]
        if fields.count("{seq}") != 1:
            raise NumberError(f"pattern {self.text!r}: exactly one {{seq}} is expected, e.g. {{seq:05d}}")
        if fields.count("{yy}") + fields.count("{yyyy}") > 1 or fields.count("{suffix}") > 1:
            raise NumberError(f"pattern {self.text!r}: a year and a suffix may stand once")
        if len(self.text) > LONGEST:
            raise NumberError(f"pattern {self.text!r}: at most {LONGEST} characters")
        for part in self.parts:
            if part not in fields and not _LITERAL.fullmatch(part):
                raise NumberError(f"pattern {self.text!r}: letters, digits, space and - / . ( ) only, not {part!r}")
        if "{suffix}" in fields and self.parts[-1] != "{suffix}":
            raise NumberError(f"pattern {self.text!r}: the suffix stands last")
        after = "".join(self.parts[self.parts.index("{seq}") + 1 :]).replace(" ", "")
        if "{suffix}" in fields and not after.startswith("{suffix}") and (after[0].isdigit() or after[0] == "{"):
            raise NumberError(f"pattern {self.text!r}: a sign must part the running number from what follows")


def normalised(text: str) -> str:
    """The form in which numbers are compared: NFC, capitals, without any space."""
    return "".join(unicodedata.normalize("NFC", text).upper().split())


def same(a: str, b: str) -> bool:
    """Whether two texts are the same number."""
    return normalised(a) == normalised(b)


def is_number(text: str) -> bool:
    """Whether text may be a document's number at all: letters, digits, space, - / . ( ), with a digit or letter."""
    return 0 < len(text) <= LONGEST and bool(_LITERAL.fullmatch(text)) and any(sign.isalnum() for sign in text)


def slug(text: str) -> str:
    """File-name form of a number: ASCII letters, digits and single hyphens ("2266/BB-KĐ (YB)" → "2266-BB-KD-YB").

    Two different numbers may share a slug; who stores slugs keeps them unique.
    """
    folded = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d"))
    ascii_only = folded.encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-") or "0"
