"""The chain above one standard as its page shows it: a tree and a table with every certificate (ISO/IEC 17025 6.5)."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from instruments.traceability import ChainFault, Node, lines, trace
from lims.equipment import facts
from lims.equipment.chain import load, standards_above
from lims.equipment.models import Standard, StandardCertificate
from lims.shared.errors import NotFound


@dataclass(frozen=True)
class Line:
    """One standard on the day it is asked about; `certificate` None where it has none that counts, or where those of
    its parts count (`by_parts`)."""

    depth: int
    on: date
    standard: Standard
    certificate: StandardCertificate | None
    valid_to: date | None
    greatest_U: str
    faults: tuple[ChainFault, ...]
    by_parts: bool = False

    @property
    def is_top(self) -> bool:
        """Whether the route leaves the laboratory here."""
        return self.certificate is not None and self.certificate.route != "internal"


def chain_above(standard_id: int, on: date) -> list[Line]:
    """The standard and everything above it, a standard before what is above it; NotFound for an unknown one."""
    first = load(Standard.id == standard_id)
    if not first:
        raise NotFound("Không có chuẩn này.", "No such standard.")
    rows = {row.asset_number: row for row in standards_above(first)}
    links = {name: facts.links(row) for name, row in rows.items()}
    return [_line(depth, node, rows[node.standard]) for depth, node in lines(trace(first[0].asset_number, on, links))]


def _line(depth: int, node: Node, standard: Standard) -> Line:
    certificate = None if node.link is None else facts.certificate_on(standard, node.on)
    U = ""
    if certificate is not None and certificate.values:
        greatest = max(certificate.values, key=lambda row: row.uncertainty)
        U = f"{greatest.uncertainty_text} {certificate.spread_unit or certificate.unit}"
    return Line(depth, node.on, standard, certificate, node.link.valid_to if node.link else None, U, node.faults,
                node.link is not None and node.link.route == "parts")
