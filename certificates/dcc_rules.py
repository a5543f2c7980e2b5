"""PTB's schematron on a DCC: rules that the schema cannot say; only those of role error count.

The rules are read from the file that PTB publishes (schemas/schematron/dcc.sch, ISO/IEC 19757-3 with XPath 2.0). In a
pattern a node is judged by the first rule whose context it matches; an assertion that fails and a report that holds are
findings. Contexts are plain paths of XPath 1.0, which libxml2 finds at once; tests are evaluated by elementpath, for
those patterns that the sieve (dcc_sieve.py) does not clear of suspicion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from elementpath import XPathContext, get_node_tree
from elementpath.collations import UNICODE_CODEPOINT_COLLATION
from elementpath.xpath2 import XPath2Parser
from lxml import etree

from certificates.dcc_sieve import Sieve, Wanted, sieve

SCH = "{http://purl.oclc.org/dsdl/schematron}"
RULES = Path(__file__).parent / "schemas" / "schematron" / "dcc.sch"
Lets = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Check:
    """One assertion or report of role error."""

    found_when: bool
    test: Any
    text: str


@dataclass(frozen=True)
class Rule:
    """Where it looks, its own variables, what it checks; without checks it only takes nodes from those after it."""

    where: str
    context: Any
    lets: Lets
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Pattern:
    """Its variables, its rules up to the last that can find an error, and what tells in a moment that none does."""

    lets: Lets
    rules: tuple[Rule, ...]
    sieve: Sieve


def rule_faults(content: bytes) -> list[str]:
    """Findings of role error, each with the line of the element; empty when PTB's rules hold."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    return exact_faults(root, [one for one in patterns() if one.sieve.holds(root)])


def exact_faults(root: etree._Element, suspect: Sequence[Pattern]) -> list[str]:
    """Findings of these patterns, each test evaluated on each node."""
    if not suspect:
        return []
    tree = get_node_tree(root)
    nodes = {node.elem: node for node in tree.iter_descendants() if hasattr(node, "elem")}
    return [fault for one in suspect for fault in _pattern(root, tree, nodes, one.lets, one.rules)]


def _pattern(root: etree._Element, tree: Any, nodes: dict[Any, Any], lets: Lets,
             rules: tuple[Rule, ...]) -> Iterator[str]:
    shared = _values(tree, tree, lets, {}) if lets else {}
    judged: set[Any] = set()
    for rule in rules:
        where: list[Any] = rule.context(root)
        for found in where:
            owner, name = (found.getparent(), found.attrname) if hasattr(found, "attrname") else (found, "")
            if (owner, name) in judged:
                continue
            judged.add((owner, name))
            if rule.checks:
                node = _attribute(nodes[owner], name) if name else nodes[owner]
                variables = _values(tree, node, rule.lets, shared)
                yield from (f"{_line(node)}{check.text}" for check in rule.checks
                            if _holds(check.test, tree, node, variables) is check.found_when)


def _holds(test: Any, tree: Any, node: Any, variables: dict[str, Any]) -> bool:
    context = XPathContext(tree, item=node, variables=variables)
    return bool(test.boolean_value(list(test.select(context))))


def _values(tree: Any, node: Any, lets: Lets, known: dict[str, Any]) -> dict[str, Any]:
    found = dict(known)
    for name, value in lets:
        found[name] = list(value.select(XPathContext(tree, item=node, variables=found)))
    return found


def _attribute(element: Any, name: str) -> Any:
    return next(one for one in element.attributes if one.name == name)


def _line(node: Any) -> str:
    element = getattr(node, "elem", None)
    if element is None and getattr(node, "parent", None) is not None:
        element = getattr(node.parent, "elem", None)
    return f"line {element.sourceline}: " if element is not None else ""


@cache
def patterns() -> tuple[Pattern, ...]:
    """The rules, read once."""
    document = etree.parse(str(RULES), etree.XMLParser(no_network=True)).getroot()
    names = {one.get("prefix", ""): one.get("uri", "") for one in document.iter(f"{SCH}ns")}
    # By default the library compares in the machine's locale, which it sets for the whole process while it does so.
    parser = XPath2Parser(namespaces=names, default_collation=UNICODE_CODEPOINT_COLLATION)
    found = []
    for pattern in document.iter(f"{SCH}pattern"):
        rules = tuple(_rule(parser, rule) for rule in pattern.findall(f"{SCH}rule"))
        last = max((place for place, rule in enumerate(rules) if rule.checks), default=-1)
        if last >= 0:
            lets = _lets(parser, pattern)
            wanted = [Wanted(rule.where, dict(rule.lets), check.test, check.found_when)
                      for rule in rules for check in rule.checks]
            found.append(Pattern(lets, rules[: last + 1], sieve(lets, wanted, names)))
    return tuple(found)


def _rule(parser: XPath2Parser, rule: etree._Element) -> Rule:
    context = rule.get("context", "")
    where = context if context.startswith("/") else f"//{context}"
    checks = tuple(
        Check(one.tag == f"{SCH}report", parser.parse(one.get("test", "")), _words(one))
        for one in rule
        if one.tag in (f"{SCH}assert", f"{SCH}report") and one.get("role") == "error"
    )
    return Rule(where, etree.XPath(where, namespaces=dict(parser.namespaces)), _lets(parser, rule), checks)


def _words(said: etree._Element) -> str:
    return " ".join("".join(map(str, said.itertext())).split())


def _lets(parser: XPath2Parser, owner: etree._Element) -> Lets:
    return tuple((one.get("name", ""), parser.parse(one.get("value", ""))) for one in owner.findall(f"{SCH}let"))
