"""Imports point one way: lims -> instruments, certificates -> uncertainty; a feature knows those left of it."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("lims", "instruments", "certificates", "uncertainty")
ALLOWED = {
    "uncertainty": {"uncertainty"},
    "instruments": {"instruments", "uncertainty"},
    "certificates": {"certificates", "uncertainty"},
    "lims": set(PACKAGES) | {"config"},
}
# The lower packages stand on these only; frameworks and databases live in lims.
LIBRARIES = {
    "uncertainty": {"numpy", "scipy"},
    "instruments": {"numpy", "scipy"},
    "certificates": {"reportlab", "segno", "pikepdf", "lxml", "cryptography", "pkcs11", "pyhanko",
                     "pyhanko_certvalidator", "PIL", "asn1crypto", "elementpath"},
}
FEATURES = ("shared", "auth", "customers", "staff", "equipment", "jobs", "legal", "issue", "owners", "impact",
            "alerts", "surveys", "programmes", "workload", "plans", "reports")
EDGES = {"web", "api", "cli", "app", "models", "wsgi", "demo", "migrations"}
STANDARD = __import__("sys").stdlib_module_names


def imports(source: str, module: str) -> Iterator[str]:
    """Absolute names of everything imported, wherever in the file it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.rsplit(".", node.level)[0] + "." if node.level else ""
            yield from (f"{base}{node.module or ''}.{alias.name}".replace("..", ".") for alias in node.names)


def faults(source: str, module: str) -> list[str]:
    """Every import of this module that points the wrong way."""
    package, wrong = module.split(".")[0], []
    for name in imports(source, module):
        top = name.split(".")[0]
        if top in PACKAGES or top == "config":
            if top not in ALLOWED[package]:
                wrong.append(f"{module} imports {name}")
            elif top == "lims" and not _leftward(module, name):
                wrong.append(f"{module} imports {name}, which stands to its right")
        elif package in LIBRARIES and top not in LIBRARIES[package] | STANDARD:
            wrong.append(f"{module} imports {name}")
    return wrong


def _leftward(module: str, name: str) -> bool:
    own, other = (part.split(".")[1] if part.count(".") else "" for part in (module, name))
    if own in EDGES or own in ("", other) or name == "lims.__version__":
        return True
    if own not in FEATURES:
        raise AssertionError(f"{module}: {own} has no place in the order of features")
    return other in FEATURES and FEATURES.index(other) < FEATURES.index(own)


def modules() -> list[tuple[str, Path]]:
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts), path)
            for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _ in modules()])
def test_every_import_points_down_or_left(module: str, path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), module.removesuffix(".__init__")) == []


@pytest.mark.parametrize(("source", "module"), [
    ("import flask", "uncertainty.budget"),
    ("def f():\n    from sqlalchemy import select", "instruments.recall"),
    ("from certificates import pdf", "instruments.evaluate"),
    ("from lims.jobs import models", "lims.equipment.service"),
    ("from instruments import recall", "uncertainty.budget"),
])
def test_a_planted_import_is_found(source: str, module: str) -> None:
    assert faults(source, module) != []
