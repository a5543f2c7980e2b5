"""The numbered sections after the first page: conditions, standards, results, statements, limits, approvals."""

from collections.abc import Callable, Sequence

from certificates import wording
from certificates.blocks import (
    NOTE,
    NOTE_EN,
    STATEMENT,
    STATEMENT_EN,
    VALUE,
    VALUE_EN,
    Field,
    Grid,
    Heading,
    Statement,
    Text,
    field_rows,
)
from certificates.chart import ErrorChart
from certificates.document import Anchors, Record, ResultTable, Stage, StandardUsed, Words
from certificates.figures import result_table
from certificates.flow import Block, Together
from certificates.fonts import Face
from certificates.formats import day, instant
from certificates.sheet import MM, Align
from certificates.statements import (
    conformity_statements,
    limit_statements,
    method_statement,
    other_statements,
    uncertainty_statement,
)
from certificates.tables import CELL, CELL_EN, Columns, Head, Row, Table, text_cell
from certificates.typeset import Span, Style, with_symbols
from certificates.values import condition_text
from certificates.wording import Sentence, say

_CHECK = Style(Face.SANS, 6.2, 8.8)
_GRID = Grid(pitch=8.4 * MM)


class Sections:
    """Makes the blocks of each section of a record and numbers the sections as they come."""

    def __init__(self, record: Record, room: float, page_height: float) -> None:
        self.record, self.room, self.page_height = record, room, page_height
        self.count = 0
        self.standards_section = 0
        self._makers: dict[str, Callable[[], list[Block]]] = {
            "conditions": self._conditions,
            "standards": self._standards,
            "results": self._results,
            "statements": self._statements,
            "limits": self._limits,
            "remarks": self._remarks,
            "approvals": self._approvals,
        }

    def blocks(self, names: Sequence[str]) -> list[Block]:
        """All sections in this order; an empty one is left out and takes no number."""
        return [block for name in names for block in self._makers[name]()]

    def _heading(self, words: Words, gap: float = 5 * MM, after: float = 2 * MM) -> Heading:
        self.count += 1
        return Heading(str(self.count), words, gap, after)

    def _conditions(self) -> list[Block]:
        fields = [
            Field(c.label, VALUE.spans(condition_text(c.unit, c.start, c.end, c.text.vi)), VALUE_EN.spans(c.text.en))
            for c in self.record.environment
        ]
        rows = [fields[i : i + 2] for i in range(0, len(fields), 2)]
        for label, words in (
            (Words("Tình trạng khi nhận", "Condition on receipt"), self.record.item.condition),
            (Words("Hiệu chỉnh", "Adjustment"), self.record.adjustment),
        ):
            if words.vi:
                rows.append([Field(label, VALUE.spans(words.vi), VALUE_EN.spans(words.en))])
        if not rows:
            return []
        return [
            self._heading(Words("Điều kiện thực hiện", "Conditions")),
            *field_rows([rows], self.room, _GRID),
        ]

    def _standards(self) -> list[Block]:
        if not self.record.standards:
            return []
        heading = self._heading(Words("Chuẩn đo lường đã dùng và liên kết chuẩn", "Standards used and traceability"))
        self.standards_section = self.count
        widths = _shares((19, 56, 31, 21, 43), self.room)
        heads = (
            Head(Words("Mã", "ID")),
            Head(Words("Chuẩn, thiết bị", "Standard, equipment")),
            Head(Words("Giấy chứng nhận", "Certificate")),
            Head(Words("Hiệu lực đến", "Valid to")),
            Head(Words("Liên kết chuẩn", "Traceable to")),
        )
        rows = [_standard_row(standard, widths) for standard in self.record.standards]
        return [heading, Table(Columns(widths, heads, Align.LEFT), rows, rule_every=1)]

    def _results(self) -> list[Block]:
        blocks: list[Block] = []
        for table in self.record.results:
            blocks += self._result(table)
        return blocks

    def _result(self, table: ResultTable) -> list[Block]:
        """Heading, table, notes and chart, on one page where they fit."""
        words = table.title
        if table.stage is not Stage.ONLY:
            stage = wording.STAGES[table.stage]
            words = Words(f"{words.vi} ({stage.vi})", f"{words.en} ({stage.en})" if words.en else "")
        parts: list[Block] = [self._heading(words, 6 * MM), result_table(table, self.room)]
        notes = list(table.notes)
        if table.external_provider:
            sentence = say(wording.EXTERNAL, what=table.title, provider=table.external_provider)
            notes.append(Words(wording.plain(sentence.vi), wording.plain(sentence.en)))
        for place, note in enumerate(notes):
            parts += _note(note, table, self.room, 2 * MM if not place else 0)
        chart = ErrorChart.of(table.chart, self.room)
        if chart is not None:
            chart.gap = 0
            heading = self._heading(Words("Biểu đồ sai số", "Error chart"), 4.5 * MM, 1 * MM)
            parts.append(Together(heading, chart))
        height = sum(part.gap + part.height for part in parts)
        return [Together(*parts)] if height <= self.page_height else parts

    def _statements(self) -> list[Block]:
        record = self.record
        sentences = [uncertainty_statement(statement) for statement in record.uncertainty]
        sentences += conformity_statements(record)
        if any(not standard.auxiliary for standard in record.standards) and self.standards_section:
            sentences.append(say(wording.TRACEABLE, clause=str(self.standards_section)))
        sentences += [method_statement(record), *other_statements(record)]
        return self._clauses(Words("Công bố", "Statements"), sentences)

    def _limits(self) -> list[Block]:
        return self._clauses(Words("Giới hạn sử dụng", "Limits of use"), limit_statements(self.record))

    def _remarks(self) -> list[Block]:
        remarks = [Sentence((wording.Piece(r.vi),), (wording.Piece(r.en),)) for r in self.record.remarks]
        return self._clauses(Words("Ghi chú", "Remarks"), remarks)

    def _clauses(self, words: Words, sentences: Sequence[Sentence]) -> list[Block]:
        """A heading with its numbered clauses."""
        if not sentences:
            return []
        heading = self._heading(words)
        blocks: list[Block] = [
            Statement(f"{self.count}.{place}", sentence, self.room, 0 if place == 1 else 2.2 * MM)
            for place, sentence in enumerate(sentences, 1)
        ]
        return [heading, *blocks]

    def _approvals(self) -> list[Block]:
        widths = _shares((36, 36, 42, 56), self.room)
        heads = (
            Head(Words("Bước", "Step")),
            Head(Words("Họ tên", "Name")),
            Head(Words("Thời điểm", "Time")),
            Head(Words("Ý nghĩa", "Meaning")),
        )
        rows = []
        for approval in self.record.approvals:
            step = wording.STEPS[approval.step]
            meaning = _beside(approval.meaning)
            texts = (_beside(step), CELL.spans(approval.person, 200), CELL.spans(instant(approval.at)), meaning)
            rows.append(Row.of([text_cell(width, text) for width, text in zip(widths, texts, strict=True)]))
        heading = self._heading(Words("Phê duyệt đã ghi nhận", "Recorded approvals"))
        return [heading, Table(Columns(widths, heads, Align.LEFT), rows, rule_every=0)]


def check_data(record: Record, anchors: Anchors, room: float, with_software: bool) -> list[Block]:
    """Digest of the record and link of the series, in the smallest type: they anchor the series on every paper."""
    lines = [f"SHA-256 của bản ghi: {anchors.record_digest}", f"Mắt xích của dãy số: {anchors.link}"]
    if with_software:
        engine = "; ".join(part for part in (record.provenance.software, record.provenance.engine) if part)
        seed = f"; seed {record.provenance.seed}" if record.provenance.seed is not None else ""
        lines.append(f"Phần mềm: {engine}{seed}")
    return [Text(_CHECK.spans(line, 400), room, _CHECK.leading) for line in lines]


def _note(note: Words, table: ResultTable, room: float, gap: float) -> list[Block]:
    """A note below a table, the symbols of its columns in italic."""
    symbols = {column.symbol for column in table.columns if column.symbol}
    blocks: list[Block] = [Text(with_symbols(NOTE, note.vi, symbols), room, NOTE.leading, gap)]
    if note.en:
        blocks.append(Text(NOTE_EN.spans(note.en), room, NOTE_EN.leading, english=True))
    return blocks


def _standard_row(standard: StandardUsed, widths: Sequence[float]) -> Row:
    name = " ".join(part for part in (standard.name.vi, standard.characteristics) if part)
    trace = standard.traceability
    texts = (
        (standard.asset_number, standard.serial),
        (name, standard.name.en),
        (standard.certificate_number, day(standard.certificate_issued_on)),
        (day(standard.due_on), ""),
        (trace.vi or standard.issuer, trace.en),
    )
    cells = [
        text_cell(width, CELL.spans(vi, 400), CELL_EN.spans(en, 400))
        for width, (vi, en) in zip(widths, texts, strict=True)
    ]
    return Row.of(cells)


def _beside(words: Words) -> tuple[Span, ...]:
    """Vietnamese, and English smaller on the same line."""
    english = (Span("\u00a0\u00a0", CELL.face, CELL.size), *CELL_EN.spans(words.en)) if words.en else ()
    return (*CELL.spans(words.vi, 200), *english)


def _shares(parts: Sequence[float], room: float) -> tuple[float, ...]:
    return tuple(room * part / sum(parts) for part in parts)


def statement_texts(sentence: Sentence, room: float) -> list[Block]:
    """A sentence without number, English below in smaller type."""
    english = Text(STATEMENT_EN.pieces(sentence.en), room, STATEMENT_EN.leading, english=True)
    return [Text(STATEMENT.pieces(sentence.vi), room, STATEMENT.leading), english]
