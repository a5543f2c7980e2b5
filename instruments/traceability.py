"""The chain from a standard up to a national standard: routes, validity on a date, no circles (ILAC-P10:07/2020)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from instruments.words import Words

Route = Literal["cipm_mra", "ilac_mra", "internal", "parts", "other"]
"""National institute under the CIPM MRA; accredited laboratory under the ILAC MRA; calibrated here with an own
standard; a set whose values are those of its parts; any other route, which needs documented evidence."""
Code = Literal["uncertified", "expired", "no_evidence", "no_parent", "cycle"]


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of a standard. `parents`: the laboratory's own standards it was calibrated with (internal), or
    the parts whose certificates count for a set (parts)."""

    standard: str
    certificate_number: str
    valid_from: date
    valid_to: date | None
    route: Route
    evidence: str = ""
    """Documented evidence, required for "other"."""
    parents: tuple[str, ...] = ()

    def asked_above(self, on: date) -> date:
        """The day on which the parents are asked about: that of the calibration; of parts the day itself."""
        return on if self.route == "parts" else self.valid_from


@dataclass(frozen=True, slots=True)
class ChainFault:
    """What breaks the chain at `standard`."""

    standard: str
    code: Code
    text: Words


def chain_faults(standard: str, on: date, links: Mapping[str, tuple[Link, ...]]) -> tuple[ChainFault, ...]:
    """Every fault from `standard` upwards on the day, each standard named once; empty when the chain holds.

    `links` are all certificates of each standard; the one that counts began last, on or before the day. A parent is
    asked about on the day on which it calibrated: the first day of the child's certificate; a part on the day itself.
    """
    faults: dict[tuple[str, Code], ChainFault] = {}
    _follow(standard, on, links, (), faults, set())
    return tuple(faults.values())


@dataclass(frozen=True, slots=True)
class Node:
    """One standard of the chain on the day that it is asked about, with what stands above it."""

    standard: str
    on: date
    link: Link | None
    """The certificate that counts on the day; None before the first."""
    faults: tuple[ChainFault, ...]
    """What breaks the chain here."""
    above: tuple[Node, ...]


def trace(standard: str, on: date, links: Mapping[str, tuple[Link, ...]]) -> Node:
    """The whole chain above `standard` as a tree; where it comes back to itself it ends with the fault "cycle"."""
    return _trace(standard, on, links, ())


def lines(node: Node, depth: int = 0) -> Iterator[tuple[int, Node]]:
    """The tree as a table: (levels above the first standard, node), a standard before what is above it."""
    yield depth, node
    for parent in node.above:
        yield from lines(parent, depth + 1)


def _trace(standard: str, on: date, links: Mapping[str, tuple[Link, ...]], below: tuple[str, ...]) -> Node:
    if standard in below:
        return Node(standard, on, None, (_fault(standard, "cycle"),), ())
    link = link_on(standard, on, links)
    above: tuple[Node, ...] = ()
    if link is not None:
        above = tuple(_trace(parent, link.asked_above(on), links, (*below, standard)) for parent in link.parents)
    return Node(standard, on, link, tuple(_fault(standard, code) for code in _own_faults(link, on)), above)


def would_close_circle(standard: str, parent: str, links: Mapping[str, tuple[Link, ...]]) -> bool:
    """True when naming `parent` as a parent of `standard` would make a circle over any certificates ever given."""
    seen: set[str] = set()
    waiting = [parent]
    while waiting:
        current = waiting.pop()
        if current == standard:
            return True
        if current not in seen:
            seen.add(current)
            waiting.extend(name for link in links.get(current, ()) for name in link.parents)
    return False


def link_on(standard: str, on: date, links: Mapping[str, tuple[Link, ...]]) -> Link | None:
    """The certificate of the standard that counts on the day; None before the first."""
    begun = [link for link in links.get(standard, ()) if link.valid_from <= on]
    return max(begun, key=lambda link: link.valid_from, default=None)


def _follow(
    standard: str,
    on: date,
    links: Mapping[str, tuple[Link, ...]],
    below: tuple[str, ...],
    faults: dict[tuple[str, Code], ChainFault],
    done: set[tuple[str, date]],
) -> None:
    if standard in below:
        _add(faults, standard, "cycle")
        return
    if (standard, on) in done:
        return
    done.add((standard, on))
    link = link_on(standard, on, links)
    for code in _own_faults(link, on):
        _add(faults, standard, code)
    if link is not None:
        for parent in link.parents:
            _follow(parent, link.asked_above(on), links, (*below, standard), faults, done)


def _own_faults(link: Link | None, on: date) -> Iterator[Code]:
    """What is wrong with the certificate that counts, apart from what is above it."""
    if link is None:
        yield "uncertified"
        return
    if link.valid_to is not None and link.valid_to < on:
        yield "expired"
    if link.route == "other" and not link.evidence.strip():
        yield "no_evidence"
    if link.route == "internal" and not link.parents:
        yield "no_parent"


def _add(faults: dict[tuple[str, Code], ChainFault], standard: str, code: Code) -> None:
    faults.setdefault((standard, code), _fault(standard, code))


def _fault(standard: str, code: Code) -> ChainFault:
    vi, en = _WORDS[code]
    return ChainFault(standard, code, Words(f"{standard}: {vi}", f"{standard}: {en}"))


_WORDS: dict[Code, Words] = {
    "uncertified": Words("chưa có giấy chứng nhận vào ngày đó", "no certificate on that day"),
    "expired": Words("giấy chứng nhận đã hết hạn vào ngày đó", "its certificate had expired on that day"),
    "no_evidence": Words("liên kết khác mà chưa có bằng chứng", "another route without documented evidence"),
    "no_parent": Words("hiệu chuẩn nội bộ mà chưa ghi chuẩn nào", "calibrated here, but with no standard named"),
    "cycle": Words("liên kết chuẩn quay vòng về chính nó", "the chain comes back to itself"),
}
