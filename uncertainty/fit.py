"""The document of `lims calc fit`: a line or polynomial through points, and values read from it (docs/engine.md)."""

from __future__ import annotations

from collections.abc import Mapping

from uncertainty.documents import Reader, open_document
from uncertainty.errors import InputError
from uncertainty.notes import note
from uncertainty.number_range import within_doubles
from uncertainty.points import Points
from uncertainty.polynomial_fit import GREATEST_DEGREE, PolynomialFit, fit_polynomial

MOST_POINTS = 100_000
"""Longest list of points that is fitted: exact arithmetic takes about 10 µs for each."""
# Level at which the residuals contradict the stated uncertainties (ISO/TS 28037:2010, 6.3).
_SIGNIFICANCE = 0.05

_KEYS = (
    "title",
    "note",
    "unit",
    "model",
    "degree",
    "x",
    "y",
    "u_x",
    "u_y",
    "covariance_y",
    "x_offset",
    "predict",
    "observed",
    "observed_standard_uncertainty",
)


@within_doubles
def calculate_document(document: Mapping[str, object]) -> dict[str, object]:
    """Result of a `fit` document; `InputError` names what is wrong."""
    reader = open_document(document, "fit", _KEYS)
    degree = _degree(reader)
    points = Points(
        reader.numbers("x", at_least=2),
        reader.numbers("y", at_least=2),
        reader.numbers("u_x") if "u_x" in reader else None,
        reader.numbers("u_y") if "u_y" in reader else None,
        reader.matrix("covariance_y") if "covariance_y" in reader else None,
    )
    if len(points.x) > MOST_POINTS:
        raise InputError("x", vi=f"nhiều nhất {MOST_POINTS} điểm", en=f"at most {MOST_POINTS} points")
    fitted = fit_polynomial(points, degree, x_offset=reader.number("x_offset", 0.0))
    notes = _remarks(fitted)
    result: dict[str, object] = {
        "parameters": list(fitted.parameters),
        "standard_uncertainties": list(fitted.standard_uncertainties or [None] * (degree + 1)),
        "correlation": [list(row) for row in fitted.correlation],
        "residual_standard_deviation": fitted.residual_standard_deviation,
        "dof": fitted.dof,
        "chi_squared": fitted.chi_squared,
        "residuals": list(fitted.residuals),
        "predictions": _predictions(reader, fitted, notes),
    }
    if "observed" in reader or "observed_standard_uncertainty" in reader:
        result["inverse"] = _inverse(reader, fitted, notes)
    return {**result, "notes": notes}


def _degree(reader: Reader) -> int:
    if reader.choice("model", ("line", "polynomial")) == "polynomial":
        return reader.integer("degree", at_least=1, at_most=GREATEST_DEGREE)
    return reader.integer("degree", 1, at_least=1, at_most=1)


def _remarks(fitted: PolynomialFit) -> list[str]:
    from scipy.special import chdtri

    notes: list[str] = []
    if fitted.dof == 0:
        notes.append(
            note(
                "số điểm bằng số tham số: không có bậc tự do nên không có độ lệch chuẩn phần dư",
                "as many points as parameters: no degrees of freedom, so no residual standard deviation",
            )
        )
    if fitted.chi_squared is None:
        notes.append(
            note(
                "không nêu độ không đảm bảo: chi_squared là null, hiệp phương sai theo độ phân tán của phần dư",
                "no uncertainties stated: chi_squared is null, the covariance follows the scatter of the residuals",
            )
        )
    elif fitted.dof and fitted.chi_squared > float(chdtri(fitted.dof, _SIGNIFICANCE)):
        notes.append(
            note(
                f"chi_squared = {fitted.chi_squared:.4g} vượt phân vị 95 %: mô hình trái với độ không đảm bảo đã nêu",
                f"chi_squared = {fitted.chi_squared:.4g} exceeds its 95 % quantile: "
                "the model contradicts the stated uncertainties",
            )
        )
    return notes


def _predictions(reader: Reader, fitted: PolynomialFit, notes: list[str]) -> list[dict[str, object]]:
    found = [fitted.predict(x) for x in reader.numbers("predict", at_least=0, default=())]
    low, high = fitted.x_range
    if any(not low <= one.x <= high for one in found):
        notes.append(
            note(
                "có giá trị dự đoán nằm ngoài khoảng của các điểm (ngoại suy)",
                "a prediction lies outside the range of the points (extrapolation)",
            )
        )
    return [{"x": one.x, "y": one.y, "standard_uncertainty": one.standard_uncertainty} for one in found]


def _inverse(reader: Reader, fitted: PolynomialFit, notes: list[str]) -> dict[str, object]:
    single = reader.optional_number("observed_standard_uncertainty", at_least=0)
    found = fitted.invert(reader.numbers("observed"), single)
    if found is None:
        notes.append(
            note(
                "không có một nghiệm x duy nhất cho giá trị quan sát",
                "the observed value has no single solution x",
            )
        )
        return {"x": None, "standard_uncertainty": None}
    if not found.is_inside:
        notes.append(
            note(
                "nghiệm x nằm ngoài khoảng của các điểm (ngoại suy)",
                "the solution x lies outside the range of the points (extrapolation)",
            )
        )
    return {"x": found.x, "standard_uncertainty": found.standard_uncertainty}
