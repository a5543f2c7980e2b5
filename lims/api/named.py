"""What a program names by the name that people use: a person, a standard."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lims.auth.login import find_account
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.service import find_by_code
from lims.shared.errors import DomainError, Invalid


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
