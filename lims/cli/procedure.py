"""`lims procedure check|run`: procedure files without a database."""
from __future__ import annotations

import json

import click

from lims.cli import fail
from lims.cli.files import language, read_text


@click.group()
def procedure() -> None:
    """Procedure files (docs/procedures.md)."""


@procedure.command()
@click.argument("file")
def check(file: str) -> None:
    """Say every fault of a procedure file with its line.

    Example: lims procedure check dial-pressure-gauge.toml
    """
    from instruments.run import check_text

    faults = check_text(read_text(file), file)
    if faults:
        fail(*faults)
    click.echo(f"{file}: in order")


@procedure.command()
@click.argument("file")
@click.argument("readings")
@click.option("--json", "as_json", is_flag=True, help="Print the evaluation as JSON.")
def run(file: str, readings: str, as_json: bool) -> None:
    """Evaluate READINGS (JSON) with the procedure FILE.

    Example: lims procedure run multimeter.toml readings.json --json
    """
    from instruments.procedure import ProcedureError
    from instruments.run import ReadingsError, readable
    from instruments.run import run as evaluate

    try:
        evaluation = evaluate(read_text(file), file, read_text(readings))
    except ProcedureError as error:
        fail(*(f"{file}:{fault.line}: {fault.path}: {fault.vi if language() == 'vi' else fault.en}"
               for fault in error.faults))
        raise
    except ReadingsError as error:
        fail(*(f"{readings}: {path}: {vi if language() == 'vi' else en}" for path, vi, en in error.faults))
        raise
    click.echo(json.dumps(evaluation.to_json(), ensure_ascii=False, indent=1, allow_nan=False) if as_json
               else readable(evaluation))
