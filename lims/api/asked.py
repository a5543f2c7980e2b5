"""What the address of a list asks for. A filter that cannot be read is refused at its name: a program that gets the
whole list in the place of what it asked for would not notice."""
from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache

from flask import request

from lims.api.named import account_named, standard_named
from lims.api.operations import OPERATIONS
from lims.api.problems import Fault, Faulty
from lims.customers.service import customer_by_code
from lims.shared.arguments import GREATEST
from lims.shared.errors import Invalid
from lims.shared.forms import parse_day
from lims.shared.i18n import language

LONGEST = 200


def text(name: str) -> str:
    """Words to look for; "" where nothing is asked."""
    return request.args.get(name, "").strip()[:LONGEST]


def code(name: str, codes: Collection[str], default: str = "") -> str:
    """One of the codes, or the default. Raises Invalid."""
    given = text(name)
    if given and given not in codes:
        raise Invalid(f"Không có giá trị “{given}”. Các giá trị: {', '.join(codes)}.",
                      f"There is no value “{given}”. Values: {', '.join(codes)}.", name)
    return given or default


def whole(name: str) -> int | None:
    """A whole number from 0. Raises Invalid."""
    given = text(name)
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and int(given) <= GREATEST):
        raise Invalid("Cần một số nguyên từ 0 trở lên.", "A whole number from 0 is needed.", name)
    return int(given)


def year(name: str) -> int | None:
    """A year from 2000 to 2199. Raises Invalid."""
    found = whole(name)
    if found is not None and not 2000 <= found <= 2199:
        raise Invalid("Năm từ 2000 đến 2199.", "A year from 2000 to 2199.", name)
    return found


def day(name: str) -> date | None:
    """A day, YYYY-MM-DD or dd/mm/yyyy. Raises Invalid."""
    given = text(name)
    found = parse_day(given) if given else None
    if given and found is None:
        raise Invalid("Cần một ngày có thật dạng YYYY-MM-DD.", "A real day as YYYY-MM-DD is needed.", name)
    return found


def person(name: str) -> int | None:
    """The key of the account with this user name or address. Raises Invalid."""
    given = text(name)
    return account_named(given, name).id if given else None


def standard(name: str) -> int | None:
    """The key of the standard with this asset number. Raises Invalid."""
    given = text(name)
    return standard_named(given, name).id if given else None


def customer(name: str) -> int | None:
    """The key of the enterprise with this code. Raises Invalid."""
    given = text(name)
    return customer_by_code(given, name).id if given else None


def only_described() -> None:
    """Refuse a question that the description of this route does not name. Raises Faulty."""
    known = _questions().get(_place(request.url_rule.rule if request.url_rule else ""))
    if known is not None and (strange := [name for name in request.args if name not in known]):
        told = (f"Không hỏi được theo tên này. Các tên: {', '.join(sorted(known))}." if language() == "vi"
                else f"No question of this name. The names: {', '.join(sorted(known))}.")
        raise Faulty([Fault((name,), told) for name in strange])


@lru_cache(maxsize=1)
def _questions() -> dict[str, frozenset[str]]:
    """{place of the route: names of its questions}; routes beside the API are not described."""
    found: dict[str, frozenset[str]] = {}
    for one in OPERATIONS:
        place = _place(one.path.replace("{", "<").replace("}", ">"))
        found[place] = found.get(place, frozenset()) | {name for name, _text in one.query}
    return found


def _place(rule: str) -> str:
    return re.sub(r"<[^>]*>(\.\w+)?", "*", rule.removeprefix("/api/v1"))
