"""From a combined standard uncertainty to a stated one: the coverage methods of a budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.coverage import Coverage, coverage_factor, used_dof
from uncertainty.dominant import dominant_factor
from uncertainty.errors import InputError
from uncertainty.notes import Note
from uncertainty.validity import Validation, validate

if TYPE_CHECKING:
    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input
    from uncertainty.monte_carlo import MonteCarloOutput
    from uncertainty.propagation import FirstOrder

Interval = tuple[float, float]


class Expansion(NamedTuple):
    """The coverage of one result; None where the first-order u, or the ratio U/u, does not exist."""

    coverage_factor: float | None
    expanded_uncertainty: float | None
    interval: Interval | None
    dof_used: float | None
    """Degrees of freedom that k was looked up with (infinite for the normal distribution); None for other methods."""
    method_used: str
    """`student_t`, `monte_carlo`, or one of the `dominant_…` forms."""
    notes: tuple[Note, ...] = ()


def expand(
    value: float,
    first: FirstOrder,
    effective_dof: float,
    inputs: Sequence[Input],
    correlation: CorrelationMatrix | None,
    coverage: Coverage,
) -> Expansion:
    """Coverage by `student_t` or `dominant` (which falls back to `student_t` when nothing dominates)."""
    u = first.standard_uncertainty
    if coverage.method == "dominant" and math.isfinite(u):
        dominant = dominant_factor(first.weights, u, inputs, correlation, coverage.probability)
        if dominant is not None:
            return _around(value, u, dominant.k, None, dominant.method)
        fallback = _student_t(value, u, effective_dof, coverage)
        return fallback._replace(notes=(_NOT_DOMINANT, *fallback.notes))
    return _student_t(value, u, effective_dof, coverage)


def expand_simulated(value: float, first: FirstOrder, simulated: MonteCarloOutput) -> Expansion:
    """Coverage by `monte_carlo`: the symmetric interval, U half its width, k = U/u."""
    low, high = simulated.coverage_interval
    expanded = 0.5 * high - 0.5 * low
    u = first.standard_uncertainty
    exists = math.isfinite(u) and u > 0.0
    notes = [] if exists else [_NO_FACTOR]
    if not low <= value <= high:
        notes.append(_OUTSIDE)
    return Expansion(expanded / u if exists else None, expanded, (low, high), None, "monte_carlo", tuple(notes))


def validate_expansion(
    value: float,
    first: FirstOrder,
    effective_dof: float,
    coverage: Coverage,
    probability: float,
    simulated: MonteCarloOutput,
) -> Validation:
    """Clause 8 of JCGM 101 at the Monte Carlo probability; not valid where there is no first-order u."""
    u = first.standard_uncertainty
    low, high = simulated.symmetric
    if not math.isfinite(u):
        return Validation(False, math.nan, math.nan, math.nan)
    k = coverage_factor(probability, used_dof(effective_dof, coverage.dof_rule))
    return validate(value, k * u, u, simulated.symmetric, 0.5 * high - 0.5 * low)


def no_simulation(path: str, without_value: int, trials: int) -> InputError:
    """A coverage by Monte Carlo was asked for, and the model has no finite value in some trials."""
    return InputError(
        path,
        vi=f"mô hình không có giá trị hữu hạn trong {without_value} trên {trials} lần thử Monte Carlo;"
        " hãy thu hẹp phân bố đầu vào hoặc chọn phương pháp khác",
        en=f"the model has no finite value in {without_value} of {trials} Monte Carlo trials;"
        " narrow the inputs' distributions or choose another method",
    )


def _student_t(value: float, u: float, effective_dof: float, coverage: Coverage) -> Expansion:
    if not math.isfinite(u):
        return Expansion(None, None, None, None, "student_t")
    dof = used_dof(effective_dof, coverage.dof_rule)
    return _around(value, u, coverage_factor(coverage.probability, dof), dof, "student_t")


def _around(value: float, u: float, k: float, dof: float | None, method: str) -> Expansion:
    expanded = k * u
    low, high = value - expanded, value + expanded
    if not (math.isfinite(low) and math.isfinite(high)):
        return Expansion(k if math.isfinite(k) else None, None, None, dof, method, (_BEYOND_RANGE,))
    return Expansion(k, expanded, (low, high), dof, method)


_BEYOND_RANGE = Note(
    "Độ không đảm bảo mở rộng vượt quá phạm vi số (bậc tự do quá nhỏ hoặc số quá lớn).",
    "The expanded uncertainty is beyond the range of numbers (too few degrees of freedom, or numbers too large).",
)
_NOT_DOMINANT = Note(
    "Không có thành phần trội theo các dạng đã biết (EA-4/02 S9, S10): k lấy theo phân bố t.",
    "No component dominates in one of the known ways (EA-4/02 S9, S10): k is that of Student's t.",
)
_NO_FACTOR = Note(
    "Độ không đảm bảo chuẩn bậc nhất bằng 0 hoặc không tồn tại nên không có hệ số phủ k = U/u.",
    "The first-order standard uncertainty is 0 or does not exist, so there is no coverage factor k = U/u.",
)
_OUTSIDE = Note(
    "Khoảng phủ Monte Carlo không chứa giá trị bậc nhất: mô hình phi tuyến mạnh; hãy báo cáo khoảng phủ.",
    "The Monte Carlo interval does not contain the first-order value: the model is strongly non-linear; state the"
    " interval.",
)
