"""`lims calc KIND FILE`: the uncertainty engine without a database."""
from __future__ import annotations

import json

import click

from lims.cli import fail
from lims.cli.files import language, read_text


@click.command()
@click.argument("kind", type=click.Choice(["budget", "conformity", "interval", "fit", "anova", "comparison"]))
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of the Monte Carlo run, instead of the file's.")
def calc(kind: str, file: str, as_json: bool, seed: int | None) -> None:
    """Compute KIND from FILE (JSON, or TOML by its name; - reads standard input).

    Example: lims calc budget gauge-block.json --json
    """
    from uncertainty.calc import as_table, calculate, load_document
    from uncertainty.errors import InputError

    text = read_text(file)
    try:
        result = calculate(kind, load_document(text, file), seed=seed)
    except InputError as error:
        fail(*(": ".join(filter(None, (file, fault.path, fault.message(language())))) for fault in error.faults))
        raise
    click.echo(json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) if as_json
               else as_table(kind, result, language()))
