"""The notes of a budget: what a reader must know beside the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from uncertainty.distributions import StudentT
from uncertainty.notes import Note
from uncertainty.propagation import propagate

if TYPE_CHECKING:
    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input
    from uncertainty.model import Model

_REACH = 3.0
"""A kink this many standard uncertainties away may still bend what Monte Carlo sees."""


def input_notes(item: Input) -> Iterator[Note]:
    """An estimate that is not the centre of what is drawn, and readings that do not vary."""
    mean = item.distribution.mean
    if abs(item.value - mean) > 1e-9 * max(abs(item.value), abs(mean), item.standard_uncertainty):
        yield Note(
            f"{item.name}: giá trị {item.value:.10g} khác kỳ vọng {mean:.10g} của phân bố; bậc nhất dùng giá trị đã"
            " nêu, Monte Carlo dùng phân bố.",
            f"{item.name}: the value {item.value:.10g} is not the mean {mean:.10g} of the distribution; first order"
            " uses the value, Monte Carlo the distribution.",
        )
    if item.observations is not None and item.standard_uncertainty == 0.0:
        yield Note(
            f"{item.name}: mọi số đọc bằng nhau nên u = 0; hãy kể đến độ phân giải.",
            f"{item.name}: all readings are equal, so u = 0; account for the resolution.",
        )


def unused_notes(inputs: Iterable[Input], model: Model) -> Iterator[Note]:
    """Inputs that no formula contains."""
    known = model.used_anywhere
    for item in inputs:
        if item.name not in known:
            yield Note(f"{item.name}: mô hình không dùng đại lượng này.", f"{item.name}: the model does not use it.")


def kink_notes(
    model: Model, output: int, inputs: Sequence[Input], correlation: CorrelationMatrix | None
) -> Iterator[Note]:
    """Bends of the model (abs, min, max) that lie at the estimate or within reach of the inputs' spread."""
    point = [item.value for item in inputs]
    for kink in model.kinks(output):
        gap, gradient = model.node_and_gradient(kink.gap, point)
        spreads = [item.standard_uncertainty for item in inputs]
        spread = propagate(gradient, spreads, correlation).standard_uncertainty
        if gap == 0.0:
            yield Note(
                f"{kink.text}: mô hình gãy khúc đúng tại giá trị ước lượng; độ nhạy lấy ở một phía.",
                f"{kink.text}: the model has a kink exactly at the estimate; the sensitivities are those of one side.",
            )
        elif math.isfinite(spread) and abs(gap) <= _REACH * spread:
            yield Note(
                f"{kink.text}: mô hình gãy khúc trong phạm vi {_REACH:g} độ không đảm bảo chuẩn; hãy xem Monte Carlo.",
                f"{kink.text}: the model has a kink within {_REACH:g} standard uncertainties; look at Monte Carlo.",
            )


def derivative_notes(gradient: Sequence[float], inputs: Sequence[Input]) -> Iterator[Note]:
    """Inputs for which there is no finite sensitivity."""
    for sensitivity, item in zip(gradient, inputs, strict=True):
        if not math.isfinite(sensitivity):
            yield Note(
                f"{item.name}: độ nhạy không tồn tại (vô cùng) tại giá trị ước lượng"
                + (", nên không có độ không đảm bảo bậc nhất." if item.standard_uncertainty else "."),
                f"{item.name}: the sensitivity does not exist (infinite) at the estimate"
                + (", so there is no first-order uncertainty." if item.standard_uncertainty else "."),
            )


def missing_moment_notes(inputs: Sequence[Input], used: Sequence[str]) -> Iterator[Note]:
    """Inputs drawn as a Student t with so few degrees of freedom that a moment is missing (JCGM 101 6.4.9.4)."""
    for item in inputs:
        drawn = item.distribution
        if item.name in used and isinstance(drawn, StudentT) and drawn.moments < 2:
            lost = ("phương sai", "variance") if drawn.moments else ("kỳ vọng và phương sai", "mean and no variance")
            yield Note(
                f"Monte Carlo: {item.name} theo phân bố t với {drawn.dof:g} bậc tự do (≤ 2) không có {lost[0]}.",
                f"Monte Carlo: {item.name}, a t with {drawn.dof:g} degrees of freedom (≤ 2), has no {lost[1]}.",
            )
