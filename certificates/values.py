"""The values that a form can show, by name: what a layout file may put beside a label."""

from collections.abc import Callable
from typing import NamedTuple

from certificates import wording
from certificates.document import Item, Kind, Method, Record, StandardUsed, Step, Verdict, Words
from certificates.formats import day, days, figure, span
from certificates.wording import plain, say


class Value(NamedTuple):
    """A value, its English, and a smaller remark on the same line."""

    vi: str
    en: str = ""
    remark: str = ""


def value_of(name: str, record: Record) -> Value:
    """The named value of a record; `Value("")` where the record has none. KeyError for an unknown name."""
    return VALUES[name](record)


def _words(words: Words) -> Value:
    return Value(words.vi, words.en)


def _text(read: Callable[[Record], str]) -> Callable[[Record], Value]:
    return lambda record: Value(read(record))


def _specifications(record: Record) -> Value:
    """All characteristics in one line, their English labels below."""
    parts = [f"{spec.label.vi} {spec.value}".strip() for spec in record.item.specifications]
    labels = [spec.label.en for spec in record.item.specifications if spec.label.en]
    english = ", ".join(labels)
    return Value("; ".join(parts), english[:1].upper() + english[1:].lower())


def _maker(record: Record) -> Value:
    return Value(", ".join(part for part in (record.item.manufacturer.strip(), record.item.year) if part))


def _type_and_serial(item: Item) -> str:
    return ", ".join(part for part in (item.type, item.serial) if part)


def method_text(method: Method) -> str:
    """Code with its edition, "ĐLVN 08:2011", the edition added only where the code lacks it."""
    if not method.edition or method.edition in method.code:
        return method.code
    return f"{method.code}:{method.edition}"


def _methods(record: Record) -> Value:
    titles = [method.title for method in record.methods]
    text = "; ".join(
        method_text(method) + (f", {method.title.vi}" if method.title.vi else "") for method in record.methods
    )
    return Value(text, "; ".join(title.en for title in titles if title.en))


def _performer(record: Record) -> Value:
    return Value(next((a.person for a in record.approvals if a.step is Step.PERFORMED), ""))


def summary(record: Record) -> Words:
    """The result in one line: as given, or made of the statements of conformity."""
    if record.summary.vi or not record.conformity:
        return record.summary
    sentences = [
        say(
            wording.SUMMARY,
            verdict=wording.VERDICTS[statement.verdict],
            requirement=statement.requirement,
            covers=statement.covers,
        )
        for statement in record.conformity
    ]
    whole = wording.joined(*sentences)
    return Words(plain(whole.vi), plain(whole.en))


def _results(record: Record) -> Value:
    words = summary(record)
    if not record.results:
        return _words(words)
    return Value(f"Từ trang 2. {words.vi}".strip(), f"From page 2. {words.en}".strip())


def _conclusion(record: Record) -> Value:
    passed = all(statement.verdict is Verdict.PASS for statement in record.conformity)
    return _words(wording.COMPLIES if passed else wording.VERDICTS[Verdict.FAIL])


def _valid_until(record: Record) -> Value:
    validity = record.validity
    if validity is None:
        return Value("")
    if validity.until is None:
        return _words(validity.rule)
    remark = "; ".join(part for part in (validity.rule.vi, validity.confirmation.vi) if part)
    return Value(day(validity.until), validity.rule.en, remark)


def _recalibration(record: Record) -> Value:
    """Printed only where the customer agreed to it (ISO/IEC 17025 7.8.4.3)."""
    agreed = record.recalibration
    return Value(day(agreed.recommended_on) if agreed and agreed.agreed else "")


def _environment(record: Record) -> Value:
    return Value("; ".join(condition_text(c.unit, c.start, c.end, c.text.vi) for c in record.environment))


def condition_text(unit: str, start: str, end: str, text: str) -> str:
    """A condition as printed: a range with unit, or its own words."""
    return text or span(start, end, unit)


def standard_text(standard: StandardUsed) -> str:
    """A standard in one line of a work record."""
    name = " ".join(part for part in (standard.name.vi, standard.characteristics) if part)
    return (
        f"{standard.asset_number}, {name}, giấy chứng nhận {standard.certificate_number}, "
        f"hiệu lực đến {day(standard.due_on)}"
    )


def _standards(record: Record) -> Value:
    return Value("; ".join(standard_text(standard) for standard in record.standards))


def _user(record: Record) -> Value:
    return Value(", ".join(part for part in (record.customer.name, record.customer.address) if part))


VALUES: dict[str, Callable[[Record], Value]] = {
    "item.name": lambda record: _words(record.item.name),
    "item.type": _text(lambda record: record.item.type),
    "item.serial": _text(lambda record: record.item.serial),
    "item.type_serial": _text(lambda record: _type_and_serial(record.item)),
    "item.tag": _text(lambda record: record.item.tag),
    "item.identification": _text(lambda record: record.item.identification),
    "item.manufacturer": _text(lambda record: record.item.manufacturer),
    "item.year": _text(lambda record: record.item.year),
    "item.manufacturer_year": _maker,
    "item.specifications": _specifications,
    "item.condition": lambda record: _words(record.item.condition),
    "item.type_approval": _text(lambda record: record.item.type_approval),
    "customer.name": _text(lambda record: record.customer.name),
    "customer.address": _text(lambda record: record.customer.address),
    "customer.contact": _text(lambda record: record.customer.contact),
    "customer.place_of_use": _text(lambda record: record.customer.place_of_use),
    "customer.name_address": _user,
    "methods": _methods,
    "place": lambda record: _words(record.place),
    "regime": lambda record: _words(record.regime),
    "received_on": _text(lambda record: day(record.received_on)),
    "performed": _text(lambda record: days(record.performed_from, record.performed_until)),
    "performer": _performer,
    "sticker": _text(lambda record: record.sticker),
    "environment": _environment,
    "standards": _standards,
    "results": _results,
    "conclusion": _conclusion,
    "valid_until": _valid_until,
    "recalibration": _recalibration,
    "adjustment": lambda record: _words(record.adjustment),
    "sampling": lambda record: _words(record.sampling),
}


def title_of(record: Record) -> Words:
    """Title of the document; a work record is named after its service."""
    if record.kind is Kind.WORK_RECORD:
        return wording.RECORD_TITLES[record.service]
    return wording.TITLES[record.kind]


def probability_text(probability: str) -> str:
    """Coverage probability in per cent as it is spoken of: "95.45" → "95", "99.73" → "99,73"."""
    return "95" if probability.startswith("95") else figure(probability)
