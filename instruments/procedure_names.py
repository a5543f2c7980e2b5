"""Names that formulas of a procedure file may use: each is given once, some have a meaning of their own."""

from __future__ import annotations

from collections.abc import Collection

from instruments.procedure_reader import Node

STATISTICS = ("_s", "_n", "_min", "_max", "_range", "_step")
"""Endings of the numbers that repeats of a reading give, beside their mean."""
SLOT_NUMBERS = ("_value", "_nominal", "_correction", "_U", "_k", "_u", "_drift", "_history", "_resolution", "_mpe")
"""Endings of the numbers that a standard gives at a point."""
RESERVED = ("nominal", "point", "mpe", "mpe_lower", "result", "result_U", "result_k", "verdict")
"""Names with a meaning of their own."""


class Names:
    """Names that formulas may use, each given once."""

    def __init__(self, taken: Collection[str] = ()) -> None:
        self._names: dict[str, None] = dict.fromkeys(taken)

    def add(self, node: Node, *names: str) -> None:
        """Take names of a node's key; a fault when one is taken already."""
        for name in names:
            if name and (name in self._names or name in RESERVED):
                node.fault("key", f"tên {name} đã được dùng", f"the name {name} is taken already")
            self._names[name] = None

    def know(self, name: str) -> None:
        """Take a name that was checked elsewhere."""
        self._names[name] = None

    def with_also(self, *names: str) -> set[str]:
        """These names and some more."""
        return {*self._names, *names}
