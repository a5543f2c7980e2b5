"""The chain of a standard up to a national one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from instruments.traceability import Link, chain_faults, trace, would_close_circle

D = date
TODAY = D(2026, 11, 23)
TOP = Link("E2", "V07.CN1.0012.26", D(2026, 1, 10), D(2027, 1, 10), "cipm_mra")
MIDDLE = Link("F1", "KL.021", D(2026, 3, 1), D(2027, 3, 1), "internal", parents=("E2",))
BOTTOM = Link("M1", "KL.022", D(2026, 6, 1), D(2027, 6, 1), "internal", parents=("F1",))
CHAIN = {"E2": (TOP,), "F1": (MIDDLE,), "M1": (BOTTOM,)}


def faults(links: dict[str, tuple[Link, ...]], standard: str = "M1", on: date = TODAY) -> list[tuple[str, str]]:
    return [(fault.standard, fault.code) for fault in chain_faults(standard, on, links)]


def test_a_chain_to_a_national_institute_holds() -> None:
    assert faults(CHAIN) == []


def test_an_accredited_laboratory_ends_a_chain_and_another_route_needs_evidence() -> None:
    assert faults({"M1": (replace(BOTTOM, route="ilac_mra", parents=()),)}) == []
    assert faults({"M1": (replace(BOTTOM, route="other", parents=()),)}) == [("M1", "no_evidence")]
    assert faults({"M1": (replace(BOTTOM, route="other", parents=(), evidence="Quyết định 12"),)}) == []


def test_an_expired_certificate_breaks_the_chain_from_the_day_after() -> None:
    assert faults(CHAIN, on=D(2027, 6, 1)) == []
    assert faults(CHAIN, on=D(2027, 6, 2)) == [("M1", "expired")]


def test_a_parent_must_have_been_valid_when_it_calibrated_not_for_ever_after() -> None:
    """The E2 weight expired on 10/01/2027, after it had calibrated F1 on 01/03/2026."""
    assert faults(CHAIN, on=D(2027, 2, 1)) == []
    late = {**CHAIN, "F1": (replace(MIDDLE, valid_from=D(2027, 2, 1), valid_to=D(2028, 2, 1)),)}
    assert faults(late, "F1", D(2027, 3, 1)) == [("E2", "expired")]


def test_parts_whose_values_count_for_a_set_are_asked_about_on_the_day_of_use() -> None:
    a_set = Link("S1", "", D(2026, 3, 1), None, "parts", parents=("F1", "E2"))
    held = {**CHAIN, "S1": (a_set,)}
    assert faults(held, "S1") == []
    assert faults(held, "S1", D(2027, 2, 1)) == [("E2", "expired")]
    assert faults(held, "S1", D(2026, 2, 1)) == [("S1", "uncertified")]
    assert [node.on for node in trace("S1", TODAY, held).above] == [TODAY, TODAY]


def test_missing_certificates_and_missing_parents_are_named() -> None:
    assert faults({"M1": (BOTTOM,)}) == [("F1", "uncertified")]
    assert faults({"M1": (replace(BOTTOM, parents=()),)}) == [("M1", "no_parent")]
    assert faults({}, "M1") == [("M1", "uncertified")]


def test_a_circle_is_found_and_does_not_hang() -> None:
    loop = {
        "A": (Link("A", "1", D(2026, 1, 1), None, "internal", parents=("B",)),),
        "B": (Link("B", "2", D(2026, 1, 1), None, "internal", parents=("A",)),),
    }
    assert faults(loop, "A") == [("A", "cycle")]


def test_naming_a_descendant_as_parent_would_close_a_circle() -> None:
    assert would_close_circle("E2", "M1", CHAIN)
    assert would_close_circle("E2", "E2", CHAIN)
    assert not would_close_circle("M1", "E2", CHAIN)


def test_a_wide_net_of_shared_parents_is_walked_once() -> None:
    """40 levels of two parents each: 2 to the 40 paths, 80 standards."""
    names = [(f"L{level}a", f"L{level}b") for level in range(40)]
    net = {
        name: (Link(name, name, D(2026, 1, 1), None, "internal" if level else "cipm_mra",
                    parents=names[level - 1] if level else ()),)
        for level, pair in enumerate(names)
        for name in pair
    }  # fmt: skip
    assert faults(net, "L39a") == []
