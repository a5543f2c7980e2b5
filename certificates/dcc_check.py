"""Faults of a digital calibration certificate: the XSD, and what neither XSD nor PTB's rules look at."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from threading import Lock

from lxml import etree

from certificates.dcc_words import DCC, SI
from certificates.dsi import is_dsi

KNOWN_REF_TYPES = {
    "basic_acceptanceLimitLower",
    "basic_acceptanceLimitUpper",
    "basic_conformity",
    "basic_humidityRelative",
    "basic_humidityRelativeMax",
    "basic_humidityRelativeMin",
    "basic_measuredValue",
    "basic_measurementError",
    "basic_normalUsed",
    "basic_recalibration",
    "basic_referenceValue",
    "basic_temperature",
    "basic_temperatureMax",
    "basic_temperatureMin",
    "basic_uncertainty",
}
_OWN = ("gp_measuringResult", "gp_table")
# libxml2 sets its built-in types up at the first schema, which two threads must not do at once; and the list of faults
# belongs to the schema, not to the caller.
_ONE_AT_A_TIME = Lock()


@cache
def schema() -> etree.XMLSchema:
    """The schema of DCC 3.3.0, read once."""
    path = Path(__file__).parent / "schemas" / "dcc-3.3.0" / "dcc.xsd"
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))


def schema_faults(content: bytes) -> list[str]:
    """Faults against DCC 3.3.0 and D-SI 2.2.1, with their lines; empty when valid."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    with _ONE_AT_A_TIME:
        rules = schema()
        if rules.validate(root):
            return []
        return [f"line {fault.line}: {fault.message}" for fault in rules.error_log]  # type: ignore[attr-defined]


def content_faults(content: bytes) -> list[str]:
    """Lists of unequal length, unknown units and refTypes, verdicts against their own limits; empty when sound."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    return [*_ref_types(root), *_units(root), *_lengths(root), *_verdicts(root)]


def _ref_types(root: etree._Element) -> list[str]:
    found = {name for element in root.iter() for name in element.get("refType", "").split()}
    return [f"refType {name!r} is unknown" for name in sorted(found) if not _is_known(name)]


def _is_known(name: str) -> bool:
    return name in KNOWN_REF_TYPES or any(name.startswith(own) and name[len(own) :].isdigit() for own in _OWN)


def _units(root: etree._Element) -> list[str]:
    texts = [unit for tag in ("unit", "unitXMLList") for e in root.iter(SI + tag) for unit in (e.text or "").split()]
    return [f"unit {text!r} is not D-SI" for text in sorted(set(texts)) if not is_dsi(text)]


def _lengths(root: etree._Element) -> list[str]:
    """Every list of a table has as many entries as its first, or one for all."""
    faults = []
    for listed in root.iter(f"{DCC}list"):
        lengths = [len((e.text or "").split()) for e in listed.iter() if _is_list(e)]
        if lengths and any(length not in (1, max(lengths)) for length in lengths):
            faults.append(f"list {listed.get('refType')}: lengths {sorted(set(lengths))}")
    return faults


def _is_list(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.endswith("XMLList") and len(element) == 0


def _verdicts(root: etree._Element) -> list[str]:
    """A row inside its acceptance limits passes, one outside does not."""
    faults = []
    for quantity in root.iter(f"{DCC}quantity"):
        meta = quantity.find(f"{DCC}measurementMetaData/{DCC}metaData[@refType='basic_conformity']")
        if meta is None:
            continue
        values = _numbers(quantity.findtext(f"{SI}realListXMLList/{SI}valueXMLList", ""))
        low, high = (
            _numbers(
                meta.findtext(
                    f"{DCC}data/{DCC}quantity[@refType='basic_acceptanceLimit{end}']/{SI}realListXMLList/{SI}valueXMLList",
                    "",
                )
            )
            for end in ("Lower", "Upper")
        )
        verdicts = meta.findtext(f"{DCC}conformityXMLList", "").split()
        for place, (value, least, most, verdict) in enumerate(zip(values, low, high, verdicts, strict=False), 1):
            inside = least <= value <= most
            if inside != (verdict == "pass"):
                faults.append(f"row {place}: {value} in [{least}, {most}] is stated as {verdict}")
    return faults


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(part) for part in text.split()]
