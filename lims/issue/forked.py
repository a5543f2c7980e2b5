"""Imported by the process from which those of a batch are forked: what each would read first, they find read.

It comes after the module that knows every feature, opens no database, and nothing else imports it.
"""
from __future__ import annotations

from sqlalchemy.orm import configure_mappers

from certificates import dcc_rules
from certificates.dcc_check import schema
from certificates.fonts import Face, font

configure_mappers()
schema()
dcc_rules.patterns()
for _face in Face:
    font(_face)
