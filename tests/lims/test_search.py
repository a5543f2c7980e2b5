"""Everything is found from one field: by code, by the beginnings of words, without accents, in bounded time."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lims.customers import service as customers
from lims.customers.models import Instrument
from lims.shared import word_index
from lims.shared.db import session, write
from lims.shared.text import search_key
from lims.shared.word_index import SearchWord, find, rows_for, words_of
from tests.lims import factories as make
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person

NAMES = ("Công ty CP Nồi hơi Tân An", "Đặng Văn Đức", "Xí nghiệp Cân Đồng Hồ", "Công ty TNHH Thủy sản Cửa Việt")


def texts(client: Any, query: str) -> list[str]:
    body = client.get("/search.json", query_string={"q": query}).json
    return [f"{hit['group']}: {hit['code']} {hit['text']}" for hit in body["hits"]]


class TestTheIndex:
    def test_finds_beginnings_of_words_in_any_order_without_accents(self, app_on_both: Any) -> None:
        ids = [make.customer(name=name).id for name in NAMES]
        assert find("customer", "dang duc", 9) == [ids[1]]
        assert find("customer", "ĐỨC đặng", 9) == [ids[1]]
        assert find("customer", "can dong ho", 9) == [ids[2]]
        assert find("customer", "cong t", 9) == [ids[3], ids[0]]
        assert find("customer", "ong", 9) == []
        assert find("customer", "cong zzz", 9) == []
        assert find("customer", " ·— ", 9) == []

    def test_follows_a_change_and_a_deletion(self, app_on_both: Any) -> None:
        row = make.customer(name="Công ty Hòa Bình")
        values = {key: getattr(row, key) for key in customers.CUSTOMER_FIELDS} | {"name": "Công ty Sao Mai"}
        customers.change_customer(row.id, values)
        assert (find("customer", "hoa binh", 5), find("customer", "sao mai", 5)) == ([], [row.id])
        with write("test.delete", actor=make.ACTOR) as current:
            current.delete(row)
        assert find("customer", "sao mai", 5) == []
        assert session().scalar(sa.select(sa.func.count()).select_from(SearchWord)) == 0

    def test_whole_words_stand_before_beginnings_and_the_newest_first(self, app: Any) -> None:
        longer, whole, newest = (make.customer(name=name).id for name in ("Cannon", "Can", "Can Hai"))
        assert find("customer", "can", 5) == [newest, whole, longer]

    def test_looks_through_the_rarest_word_only(self, app: Any) -> None:
        """However many hold the common word, the statements are as many and the rows bounded."""
        rare = make.customer(name="Công ty Zeta").id
        with write("test.many", actor=make.ACTOR) as current:
            current.execute(sa.insert(SearchWord), [
                {"kind": "customer", "word": "cong", "object_id": 1000 + at} for at in range(5000)])
        found: list[int] = []
        assert statements_of(lambda: found.extend(find("customer", "cong zeta", 5))) <= 7
        assert found == [rare]

    @given(st.text(max_size=60))
    def test_keeps_exactly_the_folded_words(self, text: str) -> None:
        kept = [row["word"] for row in rows_for([("customer", 1, search_key(text))])]
        assert kept == words_of(text) == sorted(set(kept))
        assert all(len(word) <= word_index.LONGEST_WORD for word in kept)


class TestTheField:
    def test_lists_every_kind_in_the_persons_language(self, app: Any) -> None:
        user = make.technician()
        sheet = make.started(make.MULTIMETER, user)
        client = logged_in(app, user)
        found = texts(client, "dong ho van")
        assert f"Phương tiện đo: {sheet.item.code} Đồng hồ vạn năng cầm tay {sheet.item.instrument.serial}" in found
        assert "Chuẩn: CH-DI-001 Nguồn chuẩn đa năng " in texts(client, "nguon chuan")[0] + " "
        assert any(one.startswith("Doanh nghiệp: KH-0001") for one in texts(client, "noi hoi"))

    def test_offers_only_the_pages_that_the_person_may_open(self, app: Any) -> None:
        assert "Trang: Tài khoản " in texts(logged_in(app, person("administrator")), "tai khoan")
        assert "Trang: Tài khoản " not in texts(logged_in(app, person("technician", "ktv9")), "tai khoan")

    def test_a_code_names_its_object(self, app: Any) -> None:
        user = make.technician()
        sheet = make.started(make.MULTIMETER, user)
        client, item = logged_in(app, user), sheet.item
        for code, kind in ((item.code.lower(), "item"), (item.job.number, "job"), ("ch-di-001", "standard"),
                           ("KH-0001", "customer"), (item.instrument.serial, "instrument"),
                           (f"https://lab.example/i/{item.code}", "item")):
            found = client.get("/scan.json", query_string={"q": code}).json
            assert (found["kind"], client.get(found["url"]).status_code) == (kind, 200), code
        assert client.get("/scan.json?q=khong-co").json == {"kind": None, "code": None, "url": None}
        assert client.get("/scan.json?q=%00").json["kind"] is None

    def test_a_serial_that_two_instruments_share_names_neither(self, app: Any) -> None:
        user = make.technician()
        for _ in range(2):
            make.instrument(serial="88120", serial_key="88120", owner=make.customer())
        assert session().query(Instrument).count() == 2
        assert logged_in(app, user).get("/scan.json?q=88120").json["kind"] is None

    def test_a_sticker_opens_its_item(self, app: Any) -> None:
        user = make.technician()
        item = make.item(to=user, sticker="AB 1234567")
        found = logged_in(app, user).get("/scan.json", query_string={"q": "AB 1234567"}).json
        assert found["url"].endswith(f"/items/{item.code}/sheet")

    def test_the_count_of_queries_does_not_grow_with_the_hits(self, app: Any) -> None:
        user = make.technician()
        client = logged_in(app, user)
        make.item(to=user)
        one = statements_of(lambda: client.get("/search.json?q=dong"))
        for _ in range(5):
            make.item()
        assert statements_of(lambda: client.get("/search.json?q=dong")) <= one
