"""Result tables of a digital calibration certificate: one list a table, one quantity a column."""

from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from certificates import wording
from certificates.dcc_words import SI, content, node
from certificates.document import Column, Record, ResultTable, Role, Stage, Verdict, Words
from certificates.dsi import conversion, dsi_unit
from certificates.fonts import clean
from certificates.formats import is_figure

REF_TYPES = {
    Role.INDICATION: "basic_measuredValue",
    Role.REFERENCE: "basic_referenceValue",
    Role.ERROR: "basic_measurementError",
}
CONFORMITY = {
    Verdict.PASS.value: "pass",
    Verdict.FAIL.value: "fail",
    Verdict.CONDITIONAL_PASS.value: "conditionalPass",
    Verdict.CONDITIONAL_FAIL.value: "conditionalFail",
}
# The quantity that U belongs to, the first that a table has.
_CARRIERS = (Role.ERROR, Role.CORRECTION, Role.VALUE, Role.INDICATION, Role.REFERENCE)


def add_result(parent: etree._Element, table: ResultTable, record: Record, place: int) -> None:
    """Adds a `result` with the table's figures; texts without figures stay on paper."""
    result = node(parent, "result", refType=f"gp_measuringResult{place}")
    stage = wording.STAGES[table.stage]
    words = table.title
    if table.stage is not Stage.ONLY:
        words = Words(f"{words.vi} ({stage.vi})", f"{words.en} ({stage.en})" if words.en else "")
    content(node(result, "name"), words)
    if any(note.vi for note in table.notes):
        vi = " ".join(note.vi for note in table.notes)
        en = " ".join(note.en for note in table.notes) if all(note.en for note in table.notes) else ""
        content(node(result, "description"), Words(vi, en))
    listed = node(node(result, "data"), "list", refType=f"gp_table{place}")
    columns = {column.key: column for column in table.columns}
    cells = {column.key: [row[i] for row in table.rows] for i, column in enumerate(table.columns)}
    _Quantities(listed, table, record, columns, cells).add()


class _Quantities:
    """The quantities of one table."""

    def __init__(
        self,
        parent: etree._Element,
        table: ResultTable,
        record: Record,
        columns: dict[str, Column],
        cells: dict[str, list[str]],
    ) -> None:
        self.parent, self.table, self.record, self.columns, self.cells = parent, table, record, columns, cells
        self.carrier = self._first(*_CARRIERS)
        self.uncertainty = self._first(Role.UNCERTAINTY)
        self.used = {role for role in REF_TYPES if len(self._all(role)) > 1}

    def _all(self, role: Role) -> list[Column]:
        return [c for c in self.columns.values() if c.role is role and self._is_numeric(c)]

    def _first(self, *roles: Role) -> Column | None:
        return next((column for role in roles for column in self._all(role)), None)

    def _is_numeric(self, column: Column) -> bool:
        texts = [text for text in self.cells[column.key] if text.strip()]
        return bool(texts) and all(is_figure(text) for text in texts)

    def add(self) -> None:
        """Numeric columns in the order of the table; U, k, limits and verdicts go with the quantity they belong to."""
        for column in self.columns.values():
            if column.role is Role.NUMBER:
                self._add_names(column)
            elif self._stands_alone(column):
                self._add_quantity(column)
        if self.uncertainty is not None and not self._carries_uncertainty():
            self._add_quantity(self.uncertainty)

    def _stands_alone(self, column: Column) -> bool:
        """Whether a column is a quantity of its own; limits are, where there is nothing that they limit."""
        own = column.role in _CARRIERS or (column.role is Role.LIMIT and self.carrier is None)
        return own and self._is_numeric(column)

    def _add_names(self, column: Column) -> None:
        """Names of the points as a list of words without spaces."""
        names = ["_".join(clean(text).split()) or "-" for text in self.cells[column.key]]
        if names:
            quantity = node(self.parent, "quantity")
            content(node(quantity, "name"), column.label)
            node(quantity, "charsXMLList", " ".join(names))

    def _add_quantity(self, column: Column) -> None:
        # Where several columns are of one kind (rising, falling, mean), only the last is "the" value.
        last = column.role not in self.used or column is self._all(column.role)[-1]
        quantity = node(
            self.parent, "quantity", refType=column.quantity or (REF_TYPES.get(column.role, "") if last else "")
        )
        content(node(quantity, "name"), _column_words(column))
        real = etree.SubElement(quantity, f"{SI}realListXMLList")
        self._values(real, self.cells[column.key], column)
        if column is self.carrier:
            if self._carries_uncertainty():
                self._add_uncertainty(real, column)
            self._add_conformity(quantity, column)

    @staticmethod
    def _values(parent: etree._Element, texts: Sequence[str], column: Column) -> None:
        etree.SubElement(parent, f"{SI}valueXMLList").text = " ".join(_decimal(text) for text in texts)
        etree.SubElement(parent, f"{SI}unitXMLList").text = column.dsi_unit or dsi_unit(column.unit)

    def _carries_uncertainty(self) -> bool:
        """Whether U can be stated in the unit of its quantity with its factor and probability."""
        if self.carrier is None or self.uncertainty is None or not self.record.uncertainty:
            return False
        complete = all(is_figure(text) for text in self.cells[self.uncertainty.key])
        is_one = len({statement.probability for statement in self.record.uncertainty}) == 1
        same_kind = conversion(self.uncertainty.unit, self.carrier.unit) is not None
        return complete and is_one and same_kind and bool(self._coverage_factors())

    def _coverage_factors(self) -> list[str]:
        """Factor of each row, from its column, or from the only statement; none where neither tells."""
        column = self._first(Role.COVERAGE_FACTOR)
        if column is not None and all(is_figure(text) for text in self.cells[column.key]):
            return self.cells[column.key]
        stated = {statement.coverage_factor for statement in self.record.uncertainty}
        factor = stated.pop() if len(stated) == 1 else ""
        return [factor] * len(self.table.rows) if is_figure(factor) else []

    def _distributions(self) -> list[str]:
        """One for all rows where all statements are of one method, else not stated."""
        methods = {statement.method for statement in self.record.uncertainty}
        return ["normal" if methods == {"student_t"} else "other"] * len(self.table.rows) if len(methods) == 1 else []

    def _add_uncertainty(self, parent: etree._Element, column: Column) -> None:
        assert self.uncertainty is not None
        factor = conversion(self.uncertainty.unit, column.unit) or Decimal(1)
        expanded = [_plain(Decimal(_decimal(text)) * factor) for text in self.cells[self.uncertainty.key]]
        stated = etree.SubElement(parent, f"{SI}expandedUncXMLList")
        factors = [_decimal(text) for text in self._coverage_factors()]
        probability = _plain(Decimal(_decimal(self.record.uncertainty[0].probability)) / 100)
        for name, values in (
            ("uncertaintyXMLList", expanded),
            ("coverageFactorXMLList", factors),
            ("coverageProbabilityXMLList", [probability] * len(expanded)),
            ("distributionXMLList", self._distributions()),
        ):
            if values:
                etree.SubElement(stated, SI + name).text = " ".join(values[:1] if len(set(values)) == 1 else values)

    def _add_conformity(self, quantity: etree._Element, column: Column) -> None:
        """Verdict of each row, and the acceptance limits where one column holds them (|error| up to the limit)."""
        verdicts = next((c for c in self.columns.values() if c.role is Role.VERDICT), None)
        texts = self.cells[verdicts.key] if verdicts else []
        if not texts or any(text not in CONFORMITY for text in texts):
            return
        meta = node(node(quantity, "measurementMetaData"), "metaData", refType="basic_conformity")
        content(node(meta, "declaration"), Words("Sự phù hợp", "Conformity"))
        node(meta, "conformityXMLList", " ".join(CONFORMITY[text] for text in texts))
        limits = self._all(Role.LIMIT)
        if len(limits) != 1 or conversion(limits[0].unit, column.unit) is None:
            return
        limit = limits[0]
        values = [Decimal(_decimal(text)) for text in self.cells[limit.key]]
        data = node(meta, "data")
        for ref_type, sign, words in (
            ("basic_acceptanceLimitLower", -1, Words("Giới hạn chấp nhận dưới", "Lower acceptance limit")),
            ("basic_acceptanceLimitUpper", 1, Words("Giới hạn chấp nhận trên", "Upper acceptance limit")),
        ):
            made = node(data, "quantity", refType=ref_type)
            content(node(made, "name"), words)
            real = etree.SubElement(made, f"{SI}realListXMLList")
            self._values(real, [_plain(value * sign) for value in values], limit)


def _column_words(column: Column) -> Words:
    """Label with its group and symbol."""
    vi = " ".join(part for part in (column.group.vi, column.label.vi) if part) or column.symbol
    en = " ".join(part for part in (column.group.en, column.label.en) if part)
    return Words(vi, en)


def _decimal(text: str) -> str:
    """A printed figure as XML decimal; an empty cell is NaN."""
    return text.strip().replace(",", ".").replace("\u2212", "-").replace("+", "") or "NaN"


def _plain(value: Decimal) -> str:
    return f"{value:f}"
