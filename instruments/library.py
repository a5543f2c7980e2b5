"""The procedures that come with the product, each with its reference cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.observations import Observations
from instruments.procedure import load_procedure, procedure_digest
from instruments.procedure_model import Procedure
from instruments.readings_file import read_observations_document
from uncertainty.document_text import load_document
from uncertainty.documents import Reader, open_document


@dataclass(frozen=True, slots=True)
class Expected:
    """One number or text that a case must give: a dotted field of the evaluation's JSON."""

    field: str
    equals: str | float | None
    tolerance: float | None
    """Half width within which a number agrees; None: exactly."""


@dataclass(frozen=True, slots=True)
class ReferenceCase:
    """A case with a known answer."""

    name: str
    source: str
    evidence: str
    """"published" or "recomputed" (independently of this product)."""
    observations: Observations
    expect: tuple[Expected, ...]


def shipped_names() -> tuple[str, ...]:
    """File names without extension, sorted: "dial-pressure-gauge"."""
    return tuple(sorted(item.name.removesuffix(".toml") for item in _folder().iterdir() if item.name.endswith(".toml")))


def shipped_text(name: str) -> str:
    """The TOML text of a shipped procedure; KeyError for an unknown name."""
    if name not in shipped_names():
        raise KeyError(name)
    return (_folder() / f"{name}.toml").read_text(encoding="utf-8")


@cache
def load_shipped(name: str) -> Procedure:
    """A shipped procedure, loaded once; KeyError for an unknown name."""
    return load_procedure(shipped_text(name), f"{name}.toml")


def reference_cases(name: str) -> tuple[ReferenceCase, ...]:
    """The reference cases beside a shipped procedure, none when it has none."""
    file = _folder() / "cases" / f"{name}.json"
    return read_cases(file.read_text(encoding="utf-8"), load_shipped(name)) if file.is_file() else ()


def shipped_cases_text(digest: str) -> str:
    """The cases beside the shipped procedure with this digest, as text; empty when there is none."""
    for name in shipped_names():
        file = _folder() / "cases" / f"{name}.json"
        if procedure_digest(shipped_text(name)) == digest and file.is_file():
            return file.read_text(encoding="utf-8")
    return ""


def read_cases(text: str, procedure: Procedure) -> tuple[ReferenceCase, ...]:
    """The cases of a file; `uncertainty.errors.InputError` with every fault otherwise."""
    top = open_document(load_document(text, "cases"), "reference_cases", ("cases",))
    return tuple(_case(raw, path, procedure) for path, raw in top.elements("cases"))


def case_failures(procedure: Procedure, case: ReferenceCase, evaluation: Evaluation | None = None) -> tuple[str, ...]:
    """What the procedure gives otherwise than the case expects, one line each; empty when it agrees.

    `evaluation` is that of the case where it was made already."""
    found = (evaluation or evaluate(procedure, case.observations)).to_json()
    return tuple(
        f"{case.name}: {wanted.field} is {value!r}, expected {wanted.equals!r}"
        for wanted in case.expect
        for value in [_at(found, wanted.field)]
        if not _agrees(value, wanted)
    )


def _case(raw: object, path: str, procedure: Procedure) -> ReferenceCase:
    reader = Reader(raw, path, ("name", "source", "evidence", "observations", "expect"))
    return ReferenceCase(
        name=reader.text("name"),
        source=reader.text("source"),
        evidence=reader.choice("evidence", ("published", "recomputed")),
        observations=read_observations_document(reader.raw("observations"), procedure),
        expect=tuple(_expected(item, at) for at, item in reader.elements("expect")),
    )


def _expected(raw: object, path: str) -> Expected:
    reader = Reader(raw, path, ("field", "equals", "tolerance"))
    equals = reader.raw("equals")
    if equals is not None and not isinstance(equals, str):
        equals = reader.number("equals")
    return Expected(reader.text("field"), equals, reader.optional_number("tolerance", at_least=0))


def _at(found: object, field: str) -> object:
    """The value at a dotted path, "no such field" when it leads nowhere."""
    for part in field.split("."):
        if isinstance(found, Mapping) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return "no such field"
    return found


def _agrees(value: object, wanted: Expected) -> bool:
    if isinstance(wanted.equals, float) and isinstance(value, int | float):
        return abs(value - wanted.equals) <= (wanted.tolerance or 0.0)
    return value == wanted.equals


def _folder() -> Traversable:
    return files("instruments") / "procedures"
