"""Stickers of a bench: in the order of the positions, for what passes, and never out of turn."""
from __future__ import annotations

from typing import Any

import pytest

from lims.auth.models import User
from lims.jobs import loads
from lims.jobs.load_models import BenchLoad
from lims.legal import stickers
from lims.legal.load_stickers import draw_for
from lims.legal.stickers import NewSeries
from lims.shared import clock
from lims.shared.errors import Conflict, NotFound
from tests.lims.people import logged_in, person
from tests.lims.test_loads import SHARED, a_load, readings, type_in


@pytest.fixture
def measured(app: Any) -> tuple[BenchLoad, User]:
    """Four gauges read; the second is out of its limits."""
    load, user = a_load(4)
    type_in(load, user, SHARED)
    for position in range(1, 5):
        type_in(load, user, readings(position) | ({"2:main/3/up/1": "5,600"} if position == 2 else {}))
    return load, user


def hand(user: User, count: int) -> None:
    keeper = person("quality_manager", "qlcl-tem")
    series = stickers.receive(NewSeries("verification", "26V.00101", f"26V.{100 + count:05d}", clock.today()), keeper)
    stickers.move(series.id, "101", str(100 + count), "assign", keeper, holder_id=user.id)


def of(load: BenchLoad) -> list[str]:
    return [row.item.sticker for row in loads.get(load.id).positions]


def test_what_passes_takes_the_next_number_in_the_order_of_the_bench(measured: tuple[BenchLoad, User]) -> None:
    load, user = measured
    hand(user, 5)
    assert draw_for(load.id, user).numbers == ["26V.00101", "26V.00102", "26V.00103"]
    assert of(load) == ["26V.00101", "", "26V.00102", "26V.00103"]
    again = draw_for(load.id, user)
    assert (again.numbers, again.refused) == ([], None)


def test_it_stops_where_the_hand_is_empty(measured: tuple[BenchLoad, User]) -> None:
    load, user = measured
    hand(user, 2)
    drawn = draw_for(load.id, user)
    assert of(load) == ["26V.00101", "", "26V.00102", ""]
    assert drawn.refused is not None
    assert (drawn.refused[0], type(drawn.refused[1])) == (4, Conflict)


def test_the_page_says_which_were_drawn(app: Any, measured: tuple[BenchLoad, User]) -> None:
    load, user = measured
    hand(user, 5)
    page = logged_in(app, user).post(f"/loads/{load.id}/stickers", follow_redirects=True).get_data(as_text=True)
    assert "Đã lấy 3 tem, 26V.00101 đến 26V.00103." in page
    assert 'data-sticker="26V.00103"' in page


def test_a_load_that_is_not_there_has_no_stickers(app: Any) -> None:
    with pytest.raises(NotFound):
        draw_for(99, person("technician"))
