"""The routes of the API as they are described, one module for each resource: the one list of what is offered."""
from __future__ import annotations

from collections.abc import Callable

from lims.api.operation import Operation, Schema
from lims.api.operations import (
    alerts,
    calculations,
    certificates,
    customers,
    instruments,
    jobs,
    plan_items,
    programmes,
    standard_certificates,
    standards,
    stickers,
    surveys,
    worksheets,
)

_RESOURCES = (calculations, certificates, customers, instruments, jobs, worksheets, standards, standard_certificates,
              stickers, alerts, surveys, programmes, plan_items)

OPERATIONS: tuple[Operation, ...] = tuple(one for resource in _RESOURCES for one in resource.OPERATIONS)
SCHEMAS: dict[str, Schema] = {name: schema for resource in _RESOURCES for name, schema in resource.SCHEMAS.items()}
BODIES: dict[str, Callable[[], Schema]] = {
    name: made for resource in _RESOURCES for name, made in getattr(resource, "BODIES", {}).items()}
"""Schemas of bodies that forms judge, made when they are asked for."""
