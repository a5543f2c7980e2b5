"""The uncertainty budget of one point as its page shows it: inputs by share, distributions, the standards' papers."""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from instruments.chosen_units import with_units
from instruments.load_of_pieces import JOINED
from instruments.procedure import Procedure
from instruments.procedure_model import Input, Result
from lims.equipment.models import Standard, StandardCertificate
from lims.jobs.capabilities import line_at
from lims.jobs.capability_models import CapabilityLine
from lims.jobs.models import Worksheet
from lims.jobs.procedures import procedure_of
from lims.jobs.results import evaluate_sheet, evaluation_of, latest_result
from lims.jobs.sheet_state import is_signed
from lims.jobs.shown import MINUS, limits, number, plain_float
from lims.jobs.worksheet import is_open
from lims.shared.errors import Conflict, NotFound
from lims.shared.i18n import language
from uncertainty.table_words import VALUES

SPREADS = ("standard_uncertainty", "expanded_uncertainty", "half_width", "scale", "lower", "upper", "beta",
           "half_width_uncertainty", "mu", "sigma", "shape", "pooled_standard_deviation", "coverage_factor",
           "probability", "dof")
"""Keys of a budget document that state a spread, in the order in which they are shown."""

SMALL_PART = 1e-3
"""Second-order terms below this part of u change no digit that is stated."""


@dataclass(frozen=True)
class InputView:
    """One row of the budget; texts are set in the page's language, `share` is a part of u²."""

    name: str
    label: str
    unit: str
    value: str
    distribution: str
    shape: str
    spread: str
    u: str
    sensitivity: str
    dof: str
    share: float
    percent: str
    source: str
    certificates: tuple[StandardCertificate, ...]


@dataclass(frozen=True)
class BudgetView:
    """One point with its budget; numbers are texts set in the page's language."""

    table: str
    point: int
    here: str
    row: Mapping[str, Any]
    result: Result
    budget: Mapping[str, Any]
    document: Mapping[str, Any]
    inputs: Sequence[InputView]
    points: Sequence[tuple[int, str]]
    """(point, nominal with unit) of every point of the table that has a budget."""
    engine_version: str
    seed: int | None
    digest: str
    """Digest of the submitted result; empty while the sheet is being measured."""
    value: str
    U: str
    k: str
    u: str
    dof: str
    mpe: str
    probability: str
    method: str
    cmc: str
    """CMC at this point on the measuring day; empty where the register says nothing about it."""
    cmc_line: CapabilityLine | None
    raised: bool
    """U stated is the CMC, for the budget came below it."""

    def chips(self, code: str) -> list[tuple[str, str, bool]]:
        """The other points as links."""
        return [(text, url_for("jobs.budget", code=code, table=self.table, point=point), point == self.point)
                for point, text in self.points]

    def standing(self, asset_number: str) -> str:
        """What the standard's certificate says at this point."""
        for use in self.row["standards"]:
            pieces = use["asset_number"].split(JOINED)
            if asset_number in pieces:
                return "; ".join((
                    *([_("cùng nhau %(pieces)s", pieces=use["asset_number"])] if len(pieces) > 1 else []),
                    _("giá trị %(value)s", value=plain_float(use["value"], 10)),
                    f"C {plain_float(use['correction'])}", f"U {plain_float(use['U'])}", f"k {plain_float(use['k'])}"))
        return ""

    @property
    def certificates(self) -> list[tuple[Standard, StandardCertificate]]:
        """The standards' certificates that gave an input, each once."""
        found = dict.fromkeys(certificate for one in self.inputs for certificate in one.certificates)
        return [(certificate.standard, certificate) for certificate in found]

    @property
    def monte_carlo(self) -> list[tuple[str, str]]:
        """The check by Monte Carlo, when the procedure asks for it."""
        ran = self.budget.get("monte_carlo")
        if not ran:
            return []
        judged = _("luật lan truyền được xác nhận") if ran["gum_valid"] else _("đầu mút lệch quá δ")
        return [(_("Số phép thử"), plain_float(float(ran["trials"]), 9)),
                (_("Khoảng đối xứng"), _interval(ran["symmetric"])),
                (_("Luật lan truyền"), _interval(self.budget["interval"])), ("δ", plain_float(ran["delta"], 2)),
                (_("Kết luận"), judged)]

    @property
    def second_order(self) -> list[tuple[str, str]]:
        """What the terms beyond the first order add, when they matter at all."""
        terms = self.budget.get("second_order") or {}
        value, u = terms.get("value"), terms.get("standard_uncertainty")
        first = self.budget["standard_uncertainty"]
        if value is None or (math.isclose(value, self.budget["value"], abs_tol=first * SMALL_PART)
                             and (u is None or math.isclose(u, first, rel_tol=SMALL_PART))):
            return []
        return [(_("Giá trị"), plain_float(value, 8)), ("u", "–" if u is None else plain_float(u, 4))]


def budget_of(worksheet: Worksheet, table: str, point: int) -> BudgetView:
    """The budget of a point: as submitted, or as it stands now while the sheet is open.

    Raises NotFound for a point that the sheet does not have, Conflict when it has no result yet.
    """
    result = None if is_open(worksheet.item) else latest_result(worksheet.item)
    evaluation = evaluate_sheet(worksheet).to_json() if result is None else evaluation_of(result)
    found = next((one for one in evaluation["tables"] if one["key"] == table), None)
    rows = found["rows"] if found else []
    row = next((row for row in rows if row["point"] == point), None)
    if row is None:
        raise NotFound("Bảng đo không có điểm này.", "The sheet has no such point.")
    procedure = with_units(procedure_of(worksheet.item), worksheet.instrument_fields)
    stated = procedure.table(table).result
    if row["budget"] is None or stated is None:
        raise Conflict("Điểm này chưa có kết quả: còn thiếu số đọc hoặc chuẩn.",
                       "This point has no result yet: readings or standards are missing.")
    return _view(worksheet, procedure, stated, evaluation, rows, row, result.digest if result else "")


def _view(worksheet: Worksheet, procedure: Procedure, stated: Result, evaluation: Mapping[str, Any],
          rows: Sequence[Mapping[str, Any]], row: Mapping[str, Any], digest: str) -> BudgetView:
    budget, document = row["budget"], row["document"]
    points = procedure.table(row["table"]).points
    signed = is_signed(procedure, row["table"], row["mpe_lower"])
    bears = line_at(procedure, procedure.table(row["table"]), row["nominal"], worksheet.performed_on)
    nominals = {one["point"]: f"{number(one['nominal_text'])} {points.unit}".strip() for one in rows}
    return BudgetView(
        table=row["table"], point=row["point"], here=nominals[row["point"]], row=row, result=stated, budget=budget,
        document=document,
        inputs=[_input(worksheet, stated, document["inputs"], one, row["standards"])
                for one in budget["contributions"]],
        points=[(one["point"], nominals[one["point"]]) for one in rows if one["budget"] is not None],
        engine_version=evaluation["engine_version"], seed=evaluation["seed"], digest=digest,
        value=number(row["value_text"], signed=signed), U=number(row["U_text"]), k=number(row["k_text"]),
        u=plain_float(budget["standard_uncertainty"], 4), dof=_dof(budget["effective_dof"]),
        mpe=limits(row["mpe_text"]), probability=plain_float(100 * budget["coverage_probability"], 4),
        method=_word(budget["method_used"]), cmc=plain_float(bears[1], 3) if bears else "",
        cmc_line=bears[0] if bears else None,
        raised=bears is not None and budget["expanded_uncertainty"] * float(stated.factor) < bears[1])


def _input(worksheet: Worksheet, stated: Result, documents: Mapping[str, Any], one: Mapping[str, Any],
           uses: Sequence[Mapping[str, Any]]) -> InputView:
    known = next((entry for entry in stated.inputs if entry.name == one["input"]), None)
    document = documents.get(one["input"], {})
    sensitivity = one["sensitivity"]
    return InputView(
        name=one["input"], label=known.label.in_language(language()) if known else one["input"],
        unit=known.unit if known else "", value=plain_float(one["value"], 8),
        distribution=_word(one["distribution"]),
        shape=one["distribution"], spread=_spread(document), u=plain_float(one["standard_uncertainty"], 4),
        sensitivity=("+" if sensitivity > 0 else "") + plain_float(sensitivity, 4),
        dof=_dof(one["dof"]), share=one["share"], percent=f"{number(format(100 * one['share'], '.1f'))} %",
        source=known.evidence.in_language(language()) if known and known.evidence else "",
        certificates=_certificates(worksheet, known, uses))


def _word(name: str) -> str:
    """A distribution or a method, in the words of the calculator."""
    vi, en = VALUES.get(name, (name, name))
    return en if language() == "en" else vi


def _spread(document: Any) -> str:
    """How the document states the spread: "± 0,05", "U 0,002; k 2", "n = 3"."""
    if not isinstance(document, Mapping):
        return ""
    if "readings" in document:
        return _("n = %(count)s", count=len(document["readings"]))
    words = {"half_width": "±", "expanded_uncertainty": "U", "coverage_factor": "k", "standard_uncertainty": "u",
             "pooled_standard_deviation": "s_p", "probability": "p", "dof": "ν"}
    return "; ".join(f"{words.get(key, key)} {plain_float(float(document[key]), 4)}" for key in SPREADS
                     if isinstance(document.get(key), int | float))


def _certificates(worksheet: Worksheet, known: Input | None,
                  uses: Sequence[Mapping[str, Any]]) -> tuple[StandardCertificate, ...]:
    """The certificates of the standard that gave this input: several where pieces of a set made up the load."""
    if known is None or known.standard is None:
        return ()
    named = [set(use[part].split(JOINED)) for use in uses if use["slot"] == known.standard
             for part in ("asset_number", "certificate_number")]
    if not named:
        return ()
    standards, numbers = named
    return tuple(certificate for row in worksheet.standards if row.slot == known.standard
                 for standard, certificate in row.certified
                 if standard.asset_number in standards and certificate.number in numbers)


def _interval(ends: Sequence[float]) -> str:
    return f"[{plain_float(ends[0])}; {plain_float(ends[1])}]"


def _dof(value: float | None) -> str:
    return "∞" if value is None else plain_float(value, 4).replace(MINUS, "-")
