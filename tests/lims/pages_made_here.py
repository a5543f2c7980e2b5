"""Pages that no server sends: made in a test and answered in the browser, under the strict content policy."""
from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lims.shared import static_files

STATIC = Path(__file__).parents[2] / "lims" / "static"
HOST = "http://localhost:9"  # nothing listens there: every request is answered below; localhost counts as secure
POLICY = "default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
WORDS = """<template id="words" data-draft-restored="kept {time}" data-draft-resend="not sent {time}"
 data-draft-discard="drop" data-date-wrong="no such day, e.g. {example}" data-close="close"></template>"""
FORM = """<form id="f" method="post" action="/arrived" data-draft><input name="csrf_token" type="hidden" value="t">
<span class="field"><input id="maker" name="maker"></span><input id="secret" type="password" name="secret">
<input type="checkbox" id="known" name="known"><select id="kind" name="kind"><option>a<option>b</select>
<button data-key="Ctrl+Enter">send</button></form>"""


class Site:
    """Pages by path, what was asked for, and what the browser complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(5000)
        page.route("**/*", self._answer)
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __setitem__(self, path: str, body: str) -> None:
        self.pages[path] = body

    def open(self, path: str) -> Any:
        self.page.goto(HOST + path)
        return self.page

    def _answer(self, route: Any) -> None:
        path = urlsplit(route.request.url).path
        self.asked.append(f"{route.request.method} {route.request.url.removeprefix(HOST)}")
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/").removeprefix(f"{static_files.mark(STATIC)}/")
            kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_bytes(), content_type=kind)
            return
        if path not in self.pages:
            route.fulfill(status=204)
            return
        body = self.pages[path]
        if path.endswith(".json") or body.startswith(("[", "{")):
            route.fulfill(body=body, content_type="application/json")
            return
        html = body if body.startswith("<!doctype") else frame(body)
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


def frame(body: str, user: str = "7", attributes: str = "") -> str:
    """A page as base.html frames it, as far as the scripts look."""
    return f"""<!doctype html><html lang="vi"><head><title>t</title>
<link rel="icon" href="data:,"><script type="module" src="/static/app.js"></script></head>
<body data-user="{user}" {attributes}>
<nav class="rail"><a class="rail-link" href="/one">1</a><a class="rail-link" href="/two">2</a></nav>
<form id="scan-form" action="/search" data-suggest="/search.json" data-scan-at="/scan.json"
 data-repeat><input id="scan" name="q">
<div id="scan-list" role="listbox" data-none="none" hidden></div></form>
<div id="toasts"></div><main>{body}</main>{WORDS}</body></html>"""
