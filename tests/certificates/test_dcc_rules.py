"""PTB's schematron as the product evaluates it finds what PTB's own library finds, on sound and broken documents."""

import copy
import importlib.util
from collections.abc import Callable, Iterator

import pytest
from certificate_samples import CALIBRATION
from elementpath import ElementPathError
from lxml import etree
from proof_samples import RECORDS

from certificates.dcc import dcc_xml
from certificates.dcc_rules import RULES, exact_faults, patterns, rule_faults
from certificates.document import Kind

DCC = "{https://ptb.de/dcc}"
SI = "{https://ptb.de/si}"
SHARE = 61  # every so many of the broken documents: judging one exactly takes a while


def without(tag: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for element in root.findall(f".//{DCC}{tag}"):
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)

    return change


def saying(path: str, text: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        element = root.find(f".//{path}")
        assert element is not None
        element.text = text

    return change


def other_language(root: etree._Element) -> None:
    root.findall(f".//{DCC}content[@lang]")[3].set("lang", "fr")


def dangling_reference(root: etree._Element) -> None:
    root.findall(f".//{DCC}quantity")[0].set("refId", "nowhere")


BROKEN = {
    "no methods": without("usedMethods"),
    "no conditions": without("influenceConditions"),
    "language not declared": other_language,
    "reference to nothing": dangling_reference,
    "end before begin": saying(f"{DCC}endPerformanceDate", "1999-01-01"),
    "release": saying(f"{DCC}software/{DCC}release", "newest"),
    "country": saying(f"{DCC}countryCodeISO3166_1", "XX"),
    "language code": saying(f"{DCC}usedLangCodeISO639_1", "qq"),
    "spaces in a list": saying(f"{SI}valueXMLList", "1  2"),
    "too many uncertainties": saying(f"{SI}uncertaintyXMLList", "1 2 3"),
}


def broken(change: Callable[[etree._Element], None]) -> bytes:
    root = etree.fromstring(dcc_xml(CALIBRATION))
    change(root)
    return etree.tostring(root)


@pytest.mark.parametrize("name", [name for name, record in RECORDS.items() if record.kind is Kind.CALIBRATION])
def test_every_digital_certificate_keeps_the_rules_of_ptb(name: str) -> None:
    assert rule_faults(dcc_xml(RECORDS[name])) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_found_with_its_line(name: str) -> None:
    faults = rule_faults(broken(BROKEN[name]))
    assert faults
    assert all(fault.startswith("line ") for fault in faults)


def mutants(root: etree._Element, share: int) -> Iterator[bytes]:
    """Every so many of the documents with one element or attribute gone, doubled, emptied or with stray spaces."""
    made = 0
    for place, element in enumerate(root.iter(etree.Element)):
        for change in ("gone", "doubled", "emptied", "spaced", *element.attrib):
            made += 1
            if made % share:
                continue
            other = copy.deepcopy(root)
            changed = list(other.iter(etree.Element))[place]
            parent = changed.getparent()
            if change == "gone" and parent is not None:
                parent.remove(changed)
            elif change == "doubled" and parent is not None:
                changed.addnext(copy.deepcopy(changed))
            elif change in changed.attrib:
                changed.set(change, "no where")
            else:
                changed.text = "" if change == "emptied" else f"{changed.text}  {changed.text}"
            yield etree.tostring(other)


def exactly(content: bytes) -> list[str] | None:
    """The findings of the rules evaluated on each node; None where one cannot be evaluated, such as of no date."""
    try:
        return exact_faults(etree.fromstring(content), patterns())
    except ElementPathError:
        return None


def test_the_sieve_lets_nothing_through_that_the_exact_rules_find() -> None:
    root = etree.fromstring(dcc_xml(CALIBRATION))
    assert all(one.sieve.checks for one in patterns())
    exact = [(content, faults) for content in mutants(root, SHARE) if (faults := exactly(content)) is not None]
    assert [rule_faults(content) for content, _faults in exact] == [faults for _content, faults in exact]
    assert sum(bool(faults) for _content, faults in exact) > 1


@pytest.mark.skipif(importlib.util.find_spec("dcclib") is None, reason="PTB's dcclib is not installed")
def test_the_findings_are_those_of_ptbs_library() -> None:
    from dcclib.validation import SchematronValidator

    rules = SchematronValidator.from_file(str(RULES))
    for name, change in BROKEN.items():
        content = broken(change)
        result = rules.validate_str(content.decode())
        told = [one for one in (*result.failed_assertions, *result.successful_reports) if one.role == "error"]
        assert len(rule_faults(content)) == len(told) > 0, name
