"""Which patterns of a schematron can find anything in a document, asked of libxml2 before they are judged exactly.

Judging a document by elementpath takes some ten times as long as drawing it, and nearly every document is sound. So
the tests are told again in XPath 1.0 as far as both versions mean the same by them: counts compared with counts, texts
with texts, patterns and lists through functions given here. What cannot be told is left out where leaving it out finds
more, and makes its pattern suspect otherwise: a sieve may hold too much, never too little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from elementpath import XPathContext
from elementpath.regex import translate_pattern
from lxml import etree

Expression = Callable[..., Any]
_XS = "http://www.w3.org/2001/XMLSchema"
_CONSTANT = {"string-join", "(", "(string)", ","}
_SAME = {
    "(", "(integer)", "(name)", "(string)", "!=", "$", ".", "..", "/", "//", ":", "=", ">", "@", "ancestor", "contains",
    "count", "distinct-values", "following-sibling", "matches", "not", "or", "and", "preceding-sibling", "text",
    "tokenize",
}  # fmt: skip


class Sieve(NamedTuple):
    """Of one pattern: its variables in order, and for each check whether it may find something; None: it may always."""

    lets: tuple[tuple[str, Expression | str], ...]
    checks: tuple[Expression, ...] | None

    def holds(self, root: etree._Element) -> bool:
        """Whether the pattern may find something in the document."""
        if self.checks is None:
            return True
        known: dict[str, Any] = {}
        for name, value in self.lets:
            known[name] = value if isinstance(value, str) else _nodes(value(root, **known))
        return any(check(root, **known) for check in self.checks)


class Wanted(NamedTuple):
    """A check as it is read: where, the variables of its rule by name, its test, and which outcome is a finding."""

    where: str
    lets: Mapping[str, Any]
    test: Any
    found_when: bool


def sieve(lets: Sequence[tuple[str, Any]], wanted: Iterable[Wanted], namespaces: Mapping[str, str]) -> Sieve:
    """The sieve of a pattern with these variables (parsed by elementpath) and checks."""
    try:
        constants, variables = _constants(lets), []
        for name, value in lets:
            variables.append((name, constants.get(name) or _compiled(_told(value, {}), namespaces)))
        checks = []
        for one in wanted:
            own = _constants(tuple(one.lets.items()))
            variables += own.items()
            inside = {name: value for name, value in one.lets.items() if name not in own}
            checks.append(_compiled(f"boolean({one.where}[{_suspicion(one, inside)}])", namespaces))
    except _Other:
        return Sieve((), None)
    return Sieve(tuple(variables), tuple(checks))


class _Other(ValueError):
    """An expression that XPath 1.0 may understand otherwise."""


def _suspicion(check: Wanted, lets: Mapping[str, Any]) -> str:
    """A condition that holds wherever the check finds something."""
    if not check.found_when:
        return f"not({_told(check.test, lets)})"
    told = []
    for part in _conjuncts(check.test):
        try:
            told.append(f"boolean({_told(part, lets)})")
        except _Other:
            continue  # without it the report holds more often
    return " and ".join(told) or "true()"


def _conjuncts(token: Any) -> list[Any]:
    return [one for part in token for one in _conjuncts(part)] if token.symbol == "and" else [token]


def _told(token: Any, lets: Mapping[str, Any]) -> str:
    """The expression in XPath 1.0, the variables in `lets` replaced by what they stand for. Raises _Other."""
    if token.symbol == "some":
        return _some(token, lets)
    if token.symbol == "le":
        return _not_after(token, lets)
    strange = {one.symbol for one in token.iter()} - _SAME
    if strange:
        raise _Other(token.source)
    text: str = token.source
    for name, value in lets.items():
        if re.search(rf"\${name}\b", text):
            text = re.sub(rf"\${name}\b", lambda _match, value=value: f"({_told(value, {})})", text)  # type: ignore[misc]
    return text


def _some(token: Any, lets: Mapping[str, Any]) -> str:
    """"some $x in A satisfies B = $x" says that a value is in both, as "A = B" does."""
    variable, values, condition = token
    if condition.symbol != "=" or condition[1].source != variable.source:
        raise _Other(token.source)
    return f"{_told(values, lets)} = {_told(condition[0], lets)}"


def _not_after(token: Any, lets: Mapping[str, Any]) -> str:
    """Two dates in order; whatever is no date is in no order."""
    sides = [lets.get(one.source.removeprefix("$"), one) for one in token]
    if any(one.symbol != ":" or one[0].source != "xs" or one[1].symbol != "date" for one in sides):
        raise _Other(token.source)
    return " <= ".join(f"xs:date({_told(one[1][0], lets)})" for one in sides)


def _constants(lets: Sequence[tuple[str, Any]]) -> dict[str, str]:
    """Those variables that are the same in every document."""
    nothing = etree.Element("nothing")
    return {name: value.evaluate(XPathContext(nothing)) for name, value in lets
            if {one.symbol for one in value.iter()} <= _CONSTANT}


def _compiled(expression: str, namespaces: Mapping[str, str]) -> Expression:
    functions = {(None, "matches"): _matches, (None, "tokenize"): _tokenize, (None, "distinct-values"): _distinct,
                 (_XS, "date"): _date}
    known = {prefix: uri for prefix, uri in {**namespaces, "xs": _XS}.items() if prefix}
    return etree.XPath(expression, namespaces=known, extensions=functions, smart_strings=False)


def _nodes(found: Any) -> Any:
    """What can be given as a variable: values of attributes as elements that hold them."""
    if not isinstance(found, list):
        return found
    holder = etree.Element("values")
    for one in found:
        if isinstance(one, str):
            etree.SubElement(holder, "value").text = one
    return [one for one in found if not isinstance(one, str)] + list(holder)


def _texts(given: Any) -> list[str]:
    """The texts of an argument: nodes, or one text."""
    if isinstance(given, str):
        return [given]
    return [one if isinstance(one, str) else "".join(one.itertext()) for one in given]


def _matches(_context: Any, given: Any, pattern: str) -> bool:
    return _pattern(pattern).search("".join(_texts(given))) is not None


@lru_cache(maxsize=64)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(translate_pattern(pattern))


def _tokenize(_context: Any, given: Any, separator: str | None = None) -> list[str]:
    return [part for text in _texts(given) if text for part in text.split(separator)]


def _distinct(_context: Any, given: Any) -> list[str]:
    return list(dict.fromkeys(_texts(given)))


def _date(_context: Any, given: Any) -> float:
    try:
        (text,) = _texts(given)
        return float(date.fromisoformat(text.strip()).toordinal())
    except ValueError:
        return float("nan")
