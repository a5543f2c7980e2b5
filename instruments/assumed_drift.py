"""A drift that a review assumes, in the rows of procedures that have no term of their own for it.

Some procedures state the drift of a standard otherwise (a multiple of its U, its MPE) or hold it negligible. What is
assumed must reach their results all the same: as one more rectangular contribution beside the certificate's
(JCGM 100:2008, 4.3.7 and 5.1.2).
"""

from __future__ import annotations

from math import hypot, sqrt

from instruments.evaluation import StandardUse
from instruments.observations import StandardData
from instruments.procedure_model import StandardSlot
from instruments.standard_values import standard_mpe
from instruments.table_model import Table


def assumed_numbers(table: Table, slot: StandardSlot, use: StandardUse, standard: StandardData) -> dict[str, float]:
    """The numbers of the standard that differ because of `standard.assumed_drift`, in the unit of the slot.

    None differ where nothing is assumed or the table names the drift, which holds the assumption then. Otherwise it
    enters where the table takes the standard's accuracy from: its u, else its U, else its MPE.
    """
    if not standard.assumed_drift:
        return {}
    named, key = _named(table), slot.key
    if {f"{key}_drift", f"{key}_history"} & named:
        return {}
    half = use.drift * standard.assumed_drift / standard.drift  # as often as there are pieces in a load
    std = hypot(use.U / use.k, half / sqrt(3))
    if f"{key}_u" in named:
        return {f"{key}_u": std}
    if f"{key}_U" in named:
        return {f"{key}_U": std * use.k}
    own = standard_mpe(slot, standard)
    return {} if own is None else {f"{key}_mpe": max(own, half)}


def _named(table: Table) -> set[str]:
    formulas = [derived.formula for derived in table.derived]
    for one in table.result.inputs if table.result else ():
        formulas += [*one.spread.values(), *([one.value] if one.value else [])]
    return {name for formula in formulas for name in formula.names}
