"""Whether a page speaks one language: the words of the catalogue tell which belong to the other."""
from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[2] / "lims" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
CODE = re.compile(r"\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b")
DIGEST = re.compile(r"\b[0-9a-f]{16,}\b|[A-Za-z0-9+/]{40,}=*")
"""Fingerprints and keys, which spell short words by chance."""
WORD = re.compile(r"[A-Za-zÀ-ỹ]{3,}")
VIETNAMESE = re.compile(r"[À-ỹ]")
ENGLISH = {"the", "and", "with", "from", "for", "this", "that", "not", "are", "was", "has", "have", "will", "which"}
NAMES = {"excel", "server", "client", "case", "ampere", "set"}
"""Names of things and of makers that an English sentence of the catalogue also uses."""

TEXTS = """() => {
    const texts = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement;
        if (parent.closest('[translate="no"], script, style, template, code, .code, kbd, [lang]:not(html)')) continue;
        if (parent.checkVisibility() && node.textContent.trim()) texts.add(node.textContent.trim());
    }
    for (const one of document.querySelectorAll("[placeholder], [aria-label], [title]"))
        for (const name of ["placeholder", "aria-label"]) if (one.getAttribute(name)) texts.add(one.getAttribute(name));
    return [...texts];
}"""


@cache
def _catalogue() -> tuple[frozenset[str], frozenset[str]]:
    """Words that only the English side uses, and the Vietnamese texts that have another English one."""
    with CATALOGUE.open("rb") as file:
        pairs = [(entry.id, str(entry.string)) for entry in read_po(file) if entry.id and isinstance(entry.id, str)]
    source_words = {word.lower() for text, _ in pairs for word in WORD.findall(text)}
    english = {word.lower() for _, text in pairs for word in WORD.findall(text) if not VIETNAMESE.search(word)}
    translated = {source for source, target in pairs if source != target and VIETNAMESE.search(source)}
    return frozenset((english - source_words - NAMES) | ENGLISH), frozenset(translated)


def english_in(texts: list[str], own: frozenset[str]) -> list[str]:
    """Texts of a Vietnamese page with two or more English words, or that are one. `own` are texts that people typed."""
    found = []
    for text in texts:
        words = [word.lower() for word in WORD.findall(CODE.sub(" ", DIGEST.sub(" ", text)))]
        foreign = [word for word in words if word in _catalogue()[0]]
        if foreign and (len(foreign) > 1 or len(words) == 1) and text not in own:
            found.append(f"{text[:90]!r} ({', '.join(foreign[:4])})")
    return found


def vietnamese_in(texts: list[str], own: frozenset[str]) -> list[str]:
    """Texts of an English page that stand in the catalogue and were not translated."""
    return [repr(text[:90]) for text in texts if text in _catalogue()[1] and text not in own]
