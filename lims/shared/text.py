"""Text as it enters: one cleaner (NFC, no control characters) and one search key for both databases."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key")

# Bidirectional controls and zero-width signs can make one identifier look like another (UTS 39).
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class TextError(ValueError):
    """Text that cannot be kept: control characters, lone surrogates, or hidden signs in an identifier."""


def clean(text: str, *, multiline: bool = False) -> str:
    """NFC text without surrounding space; one line unless `multiline`. Raises TextError on control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        raise TextError("control character")
    text = unicodedata.normalize("NFC", text)
    if multiline:
        return "\n".join(line.rstrip() for line in text.split("\n")).strip()
    return re.sub(r"\s+", " ", text).strip()


def clean_identifier(text: str) -> str:
    """A serial, code or number: one clean line without invisible signs. Raises TextError."""
    if _INVISIBLE.search(text):
        raise TextError("invisible character")
    return clean(text)


def search_key(*parts: str | None) -> str:
    """Folded words for searching: case, marks, đ and punctuation removed ("Cân đồng-hồ" -> "can dong ho")."""
    joined = " ".join(part for part in parts if part)
    decomposed = unicodedata.normalize("NFD", joined.casefold().replace("đ", "d"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare))


def holding(said: Iterable[tuple[Key, str]], query: str) -> list[Key]:
    """Of (key, text) the keys whose text holds the folded query; none for a query of signs alone. For texts that are
    few: each is folded anew."""
    wanted = search_key(query)
    return [key for key, text in said if wanted and wanted in search_key(text)]


def like_pattern(query: str) -> str:
    """LIKE pattern (escape "\\") that finds the folded query's words in order, taken literally."""
    return "%" + "%".join(search_key(query).split()) + "%"
