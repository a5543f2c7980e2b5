"""Monte Carlo of a budget: a fixed number of trials, or as many points as a number of stable digits needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from uncertainty.sampling import Sampler
from uncertainty.stable import simulate_stable
from uncertainty.trials import simulate_trials

if TYPE_CHECKING:
    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input
    from uncertainty.model import Model
    from uncertainty.monte_carlo import MonteCarlo, MonteCarloRun, Question


def simulate(
    model: Model,
    inputs: Sequence[Input],
    correlation: CorrelationMatrix | None,
    settings: MonteCarlo,
    questions: Sequence[Question],
    *,
    importance: Sequence[float] | None = None,
    threads: int | None = None,
) -> MonteCarloRun:
    """Propagate the inputs' distributions and answer one question per output of the model.

    `importance` (one number per input, such as its share of u²) makes runs to a number of digits shorter. `threads` is
    the number of worker threads (default: one per processor); the results do not depend on it.
    """
    used = sorted({name for names in model.used for name in names})
    sampler = Sampler(inputs, correlation, used, importance)
    method = simulate_trials if settings.digits is None else simulate_stable
    return method(model, inputs, sampler, settings, questions, threads=threads)
