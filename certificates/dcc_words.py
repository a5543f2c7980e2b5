"""Elements and texts of a digital calibration certificate."""

from lxml import etree

from certificates.document import Words
from certificates.fonts import clean
from certificates.wording import Sentence, plain

DCC = "{https://ptb.de/dcc}"
SI = "{https://ptb.de/si}"


def node(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """A new last child in the DCC namespace; attributes that are empty are left out."""
    child = etree.SubElement(parent, DCC + name)
    for key, value in attributes.items():
        if value:
            child.set(key, value)
    if text is not None:
        child.text = text
    return child


def content(parent: etree._Element, words: Words) -> None:
    """Text in all languages of the certificate, or in one without mark (PTB's rule: all or none)."""
    vi, en = clean(words.vi) or "–", clean(words.en)
    if en:
        node(parent, "content", vi, lang="vi")
        node(parent, "content", en, lang="en")
    else:
        node(parent, "content", vi)


def sentence_words(sentence: Sentence) -> Words:
    """A printed sentence as plain words."""
    return Words(plain(sentence.vi), plain(sentence.en))
