"""A keyboard-wedge scanner: its keys carry their own times, four milliseconds apart, however busy the machine is."""
from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

STEP_SECONDS = 0.004


def scan(page: Page, code: str) -> None:
    """The characters of the code and Enter, where the cursor stands."""
    wire, start = page.context.new_cdp_session(page), time.time()
    keys = [{"key": sign, "text": sign} for sign in code]
    keys.append({"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13})
    for at, key in enumerate(keys):
        for kind in ("keyDown", "keyUp"):
            event = {name: value for name, value in key.items() if kind == "keyDown" or name != "text"}
            wire.send("Input.dispatchKeyEvent", {"type": kind, "timestamp": start + at * STEP_SECONDS, **event})
    wire.detach()
