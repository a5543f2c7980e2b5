"""A procedure and what was typed become results with budgets and a verdict."""

from __future__ import annotations

from instruments.evaluation import Evaluation
from instruments.observations import Observations
from instruments.procedure_model import Procedure


def evaluate(
    procedure: Procedure, observations: Observations, *, lean: bool = False, seed: int | None = None
) -> Evaluation:
    """Evaluate every point; never raises for what people type: it says in rows and reasons what is missing or wrong.

    `lean` leaves out second order and Monte Carlo (for a sheet being typed); `seed` is handed to the engine.
    Raises KeyError for a cell, slot, check or environment key that the procedure does not have.
    """
    raise NotImplementedError
