"""What a program names by the name that people use: a person, a standard, a job, an item."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lims.auth.login import find_account
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.service import find_by_code
from lims.jobs.models import Job, JobItem
from lims.jobs.service import item_by_code, job_by_number
from lims.shared.errors import DomainError, Invalid, NotFound


@contextmanager
def fields_as(**names: str) -> Iterator[None]:
    """Refusals inside name the fields of the body in the place of those of the page: {of the page: of the body}."""
    try:
        yield
    except DomainError as error:
        error.field = names.get(error.field, error.field)
        raise


def standard_named(given: str, field: str) -> Standard:
    """The standard with this asset number. Raises Invalid at the field."""
    found = find_by_code(given)
    if found is None:
        raise Invalid(f"Không có chuẩn “{given}”.", f"There is no standard “{given}”.", field)
    return found


def account_named(given: str, field: str) -> User:
    """The account with this user name or address. Raises Invalid at the field."""
    found = find_account(given)
    if found is None:
        raise Invalid(f"Không có tài khoản “{given}”.", f"There is no account “{given}”.", field)
    return found


def job_named(given: str, field: str) -> Job:
    """The job with this number. Raises Invalid at the field."""
    with _a_fault_at(field):
        return job_by_number(given)


def item_named(given: str, field: str) -> JobItem:
    """The item with this code. Raises Invalid at the field."""
    with _a_fault_at(field):
        return item_by_code(given)


@contextmanager
def _a_fault_at(field: str) -> Iterator[None]:
    """What is not there is a fault of the field that names it, not of the address."""
    try:
        yield
    except NotFound as error:
        raise Invalid(error.vi, error.en, field) from error
