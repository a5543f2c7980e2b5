"""The record as the preview on the screen shows it: the same fields, figures and words as the printed form."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from certificates import wording
from certificates.document import Column, Kind, Record, ResultTable, Role, Uncertainty, Words
from certificates.figures import printed
from certificates.formats import figure
from certificates.layout import Form, standard_layout
from certificates.statements import deviation_sentences, stated_sentences
from certificates.values import probability_text, summary, title_of, value_of
from certificates.wording import plain, say
from certificates.work_record import held_until


@dataclass(frozen=True)
class PaperTable:
    """Heads are (label, unit); `error` marks the columns set bold."""

    title: Words
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    error: tuple[bool, ...]


@dataclass(frozen=True)
class Paper:
    """One page of HTML."""

    record: Record
    title: Words
    fields: tuple[tuple[str, str], ...]
    tables: tuple[PaperTable, ...]
    statements: tuple[str, ...]


def paper_of(record: Record) -> Paper:
    """The preview of a record in Vietnamese, as the document's first language."""
    form = standard_layout().forms[record.kind]
    return Paper(record, title_of(record), tuple(_fields(form, record)),
                 tuple(_table(table) for table in record.results),
                 tuple(_statements(record)))


def _fields(form: Form, record: Record) -> Iterator[tuple[str, str]]:
    for group in form.groups:
        for row in group:
            for spec in row:
                value = value_of(spec.value, record)
                text = " ".join(part for part in (value.vi, value.remark) if part) or spec.absent.vi
                if text:
                    yield spec.label.vi, text


def _statements(record: Record) -> Iterator[str]:
    if result := summary(record).vi:
        yield result
    if record.kind is Kind.WORK_RECORD and (text := held_until(record)):
        yield f"{text[:1].upper()}{text[1:]}."
    for statement in record.uncertainty:
        yield _uncertainty(statement)
    for sentence in (*deviation_sentences(record), *stated_sentences(record)):
        yield plain(sentence.vi)
    for remark in record.remarks:
        yield remark.vi


def _uncertainty(statement: Uncertainty) -> str:
    percent = probability_text(statement.probability)
    if not statement.coverage_factor:
        return plain(say(wording.UNCERTAINTY_BY_ROW, p=percent).vi)
    return plain(say(wording.UNCERTAINTY, k=figure(statement.coverage_factor), p=percent).vi)


def _table(table: ResultTable) -> PaperTable:
    return PaperTable(
        table.title, tuple((_head(column), column.unit) for column in table.columns),
        tuple(tuple(printed(text, column) for text, column in zip(row, table.columns, strict=True))
              for row in table.rows),
        tuple(column.role is Role.ERROR for column in table.columns))


def _head(column: Column) -> str:
    return " ".join(part for part in (column.label.vi, column.symbol) if part)
