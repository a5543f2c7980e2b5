"""A foreign digital calibration certificate (PTB DCC 2.x and 3.x) read for its head and its tables of results.

Only what a register of standards needs is read: number, laboratory, day, item, and the columns of each list of results
with unit, U and k. Values keep the digits of the file. The reader trusts nothing: no document type, no entities, no
network, bounded size and depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from certificates.document import Words

MAX_BYTES = 5 * 1024 * 1024
MOST_COLUMNS = 200
DCC = "https://ptb.de/dcc"
_UNITS = {
    "one": "1", "percent": "%", "kelvin": "K", "degreecelsius": "°C", "metre": "m", "milli\\metre": "mm",
    "micro\\metre": "µm", "nano\\metre": "nm", "kilogram": "kg", "gram": "g", "milli\\gram": "mg", "micro\\gram": "µg",
    "pascal": "Pa", "kilo\\pascal": "kPa", "mega\\pascal": "MPa", "hecto\\pascal": "hPa", "bar": "bar",
    "milli\\bar": "mbar", "volt": "V", "milli\\volt": "mV", "ampere": "A", "milli\\ampere": "mA", "ohm": "Ω",
    "kilo\\ohm": "kΩ", "mega\\ohm": "MΩ", "hertz": "Hz", "kilo\\hertz": "kHz", "second": "s", "newton": "N",
    "kilo\\newton": "kN", "newton\\metre": "N·m", "litre": "L", "milli\\litre": "mL", "watt": "W", "joule": "J",
    "degree": "°", "lux": "lx", "metre\\per\\second": "m/s", "metre\\second\\tothe{-1}": "m/s",
}  # fmt: skip


class DccUnreadable(ValueError):
    """The file is no certificate that can be read; `text` says why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Words(vi, en)


@dataclass(frozen=True, slots=True)
class Column:
    """One quantity of a list: values as written; `uncertainty` and `coverage` are blank where the file states none (one
    U for all is repeated)."""

    ref_type: str
    name: str
    unit: str
    values: tuple[str, ...]
    uncertainty: tuple[str, ...]
    coverage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultTable:
    """One list of results with its columns; a quantity given in two units stands there twice."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class ReadDcc:
    """What the file says of itself; blank where it is silent."""

    number: str
    laboratory: str
    performed_on: date | None
    item: str
    model: str
    serial: str
    tables: tuple[ResultTable, ...]


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One row for a register: the indication or nominal value, the reference value there, U and k, as digits."""

    nominal: str
    value: str
    uncertainty: str
    coverage: str


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Rows in `unit`, with U in `spread_unit`; `values` True: reference values, False: corrections."""

    name: str
    unit: str
    spread_unit: str
    values: bool
    rows: tuple[ValueRow, ...]
    used: tuple[str, ...]
    """Names of the columns that the rows were made of, for the person who confirms them."""


def read_dcc(content: bytes) -> ReadDcc:
    """The certificate in these bytes. Raises DccUnreadable."""
    root = _root(content)
    admin = root.find(f"{{{DCC}}}administrativeData")
    core = admin.find(f"{{{DCC}}}coreData") if admin is not None else None
    if admin is None or core is None:
        raise DccUnreadable("Tệp không có phần hành chính của DCC.", "The file has no administrative data of a DCC.")
    item = admin.find(f"{{{DCC}}}items/{{{DCC}}}item")
    laboratory = admin.find(f"{{{DCC}}}calibrationLaboratory/{{{DCC}}}contact/{{{DCC}}}name")
    return ReadDcc(
        number=_text(core, "uniqueIdentifier"),
        laboratory=_content(laboratory),
        performed_on=_day(_text(core, "endPerformanceDate") or _text(core, "beginPerformanceDate")),
        item=_content(item.find(f"{{{DCC}}}name")) if item is not None else "",
        model=_text(item, "model") if item is not None else "",
        serial=_serial(item),
        tables=tuple(_tables(root)),
    )


def value_tables(dcc: ReadDcc, unit: str) -> tuple[ValueTable, ...]:
    """The tables that can serve a standard, columns in `unit` preferred: nominal or indicated values with the reference
    values (or the errors, whose opposite is the correction) and their U. Tables without U are left out."""
    return tuple(found for table in dcc.tables if (found := _value_table(table, unit)) is not None)


def _root(content: bytes) -> etree._Element:
    if len(content) > MAX_BYTES:
        raise DccUnreadable("Tệp DCC lớn hơn 5 MB.", "The DCC is larger than 5 MB.")
    if b"\x00" in content[:4096] or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DccUnreadable("Tệp XML có khai báo DOCTYPE hoặc mã hóa lạ; không nhận.",
                            "The XML declares a DOCTYPE or an odd encoding; it is not accepted.")  # fmt: skip
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DccUnreadable("Tệp không phải XML đúng.", "The file is not well-formed XML.") from error
    if root.getroottree().docinfo.internalDTD is not None or root.tag != f"{{{DCC}}}digitalCalibrationCertificate":
        raise DccUnreadable("Tệp không phải giấy chứng nhận hiệu chuẩn số (DCC).",
                            "The file is no digital calibration certificate (DCC).")  # fmt: skip
    return root


def _tables(root: etree._Element) -> Iterator[ResultTable]:
    for result in root.iterfind(f".//{{{DCC}}}results/{{{DCC}}}result"):
        name = _content(result.find(f"{{{DCC}}}name"))
        data = result.find(f"{{{DCC}}}data")
        if data is None:
            continue
        for holder in (data, *data.iter(f"{{{DCC}}}list")):
            columns = [column for quantity in holder.iterfind(f"{{{DCC}}}quantity") for column in _columns(quantity)]
            if columns:
                yield ResultTable(name, tuple(columns[:MOST_COLUMNS]))


def _columns(quantity: etree._Element) -> Iterator[Column]:
    name, ref_type = _content(quantity.find(f"{{{DCC}}}name")), quantity.get("refType", "")
    for child in quantity:
        local = etree.QName(child).localname
        numbers = list(child) if local == "hybrid" else [child]
        for number in numbers:
            if etree.QName(number).localname in ("real", "realListXMLList"):
                column = _column(number, name, ref_type)
                if column is not None:
                    yield column


def _column(number: etree._Element, name: str, ref_type: str) -> Column | None:
    values = _own(number, ("value", "valueXMLList")).split()
    if not values or not all(map(_is_number, values)):
        return None
    spread = _deep(number, ("uncertainty", "uncertaintyXMLList", "valueExpandedMU", "valueExpandedMUXMLList")).split()
    factor = _deep(number, ("coverageFactor", "coverageFactorXMLList")).split()
    if not spread:
        spread = _deep(number, ("valueStandardMU", "valueStandardMUXMLList")).split()
        factor = ["1"] if spread else []
    n = len(values)
    unit = _own(number, ("unit", "unitXMLList")).split()
    return Column(ref_type, name, _unit(unit[0]) if unit else "", tuple(values), _spread_over(spread, n),
                  _spread_over(factor, n))  # fmt: skip


def _spread_over(texts: list[str], n: int) -> tuple[str, ...]:
    """One text for each value; one for all is repeated, any other number of them is none."""
    if not all(map(_is_number, texts)):
        return ("",) * n
    return tuple(texts) if len(texts) == n else (texts[0],) * n if len(texts) == 1 else ("",) * n


def _value_table(table: ResultTable, unit: str) -> ValueTable | None:
    reference = _pick(table, ("basic_referenceValue",), unit)
    indicated = _pick(table, ("basic_measuredValue", "basic_indicatedValue"), unit)
    nominal = _pick(table, ("basic_nominalValue",), unit)
    error = _pick(table, ("basic_measurementError", "basic_error"), unit, with_spread=True)
    if reference is not None and indicated is not None:
        pair: tuple[Column | None, Column | None] = (indicated, reference)
    elif nominal is not None and (indicated or reference) is not None:
        pair = (nominal, indicated or reference)
    else:
        pair = (indicated or nominal or reference, error)
    at, stated = pair
    if at is None or stated is None:
        return None
    values = stated is not error
    spread = next((one for one in (stated, error, at) if one is not None and any(one.uncertainty)
                   and len(one.values) == len(at.values)), None)  # fmt: skip
    if spread is None or len(at.values) != len(stated.values) or (at.unit != stated.unit and values):
        return None
    rows = tuple(
        ValueRow(x, y if values else _opposite(y), U, k)
        for x, y, U, k in zip(at.values, stated.values, spread.uncertainty, spread.coverage, strict=True)
    )
    used = tuple(dict.fromkeys(one.name or one.ref_type for one in (at, stated, spread)))
    return ValueTable(table.name, at.unit, "" if spread.unit == at.unit else spread.unit, values, rows, used)


def _pick(table: ResultTable, ref_types: tuple[str, ...], unit: str, *, with_spread: bool = False) -> Column | None:
    found = [column for column in table.columns if set(column.ref_type.split()) & set(ref_types)]
    return min(found, key=lambda column: (with_spread and not any(column.uncertainty), column.unit != unit),
               default=None)  # fmt: skip


def _opposite(text: str) -> str:
    return f"{-Decimal(text):f}" if Decimal(text) else text.lstrip("-")


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and len(text) <= 40
    except InvalidOperation:
        return False


def _unit(dsi: str) -> str:
    bare = dsi.lstrip("\\")
    return _UNITS.get(bare, bare.replace("\\", " "))


def _serial(item: etree._Element | None) -> str:
    if item is None:
        return ""
    for one in item.iterfind(f"{{{DCC}}}identifications/{{{DCC}}}identification"):
        if _text(one, "issuer") == "manufacturer":
            return _text(one, "value")
    return ""


def _text(parent: etree._Element, name: str) -> str:
    return (parent.findtext(f"{{{DCC}}}{name}") or "").strip()[:200]


def _content(parent: etree._Element | None) -> str:
    """The first English text of a multilingual element, else its first."""
    if parent is None:
        return ""
    texts = [(one.get("lang", ""), (one.text or "").strip()) for one in parent.iterfind(f"{{{DCC}}}content")]
    return next((text for lang, text in texts if lang == "en"), texts[0][1] if texts else "")[:200]


def _own(parent: etree._Element, names: tuple[str, ...]) -> str:
    return next(((one.text or "").strip() for one in parent if etree.QName(one).localname in names), "")


def _deep(parent: etree._Element, names: tuple[str, ...]) -> str:
    return next(((one.text or "").strip() for one in parent.iter("{*}*") if etree.QName(one).localname in names), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
