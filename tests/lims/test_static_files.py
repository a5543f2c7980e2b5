"""Files of the pages: kept by browsers without asking, under an address that changes with their content."""
from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from lims.shared import static_files
from tests.lims.people import logged_in, person

STATIC = Path(static_files.__file__).parents[1] / "static"


def test_every_file_that_a_page_names_is_kept_for_a_year(app: Any) -> None:
    page = app.test_client().get("/login").text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) > 3
    for address in files:
        with app.test_client().get(address) as answer:
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def test_another_content_has_another_address(tmp_path: Path) -> None:
    copy = shutil.copytree(STATIC, tmp_path / "static")
    before = static_files.address(copy)
    static_files.mark.cache_clear()
    assert static_files.address(copy) == before == static_files.address(STATIC)
    script = copy / "worksheet" / "words.js"
    script.write_bytes(script.read_bytes() + b"\n")
    static_files.mark.cache_clear()
    assert static_files.address(copy) != before


def test_a_page_opened_before_an_upgrade_still_gets_its_modules_and_asks_each_time(app: Any) -> None:
    with app.test_client().get("/static/0123456789/modules/dates.js") as answer:
        assert answer.status_code == 200
        assert "no-cache" in answer.headers["Cache-Control"]
        assert "immutable" not in answer.headers["Cache-Control"]


def test_nothing_outside_the_folder_is_served(app: Any) -> None:
    for address in ("/static/0123456789/../app.py", "/static/0123456789/%2e%2e/app.py", "/static/x/app.js",
                    f"{static_files.address(STATIC)}/../app.py"):
        assert app.test_client().get(address).status_code == 404


def test_what_is_behind_the_login_is_stored_nowhere(app: Any) -> None:
    answer = logged_in(app, person("head")).get("/")
    assert answer.headers["Cache-Control"] == "no-store"
