"""What a browser complains about while a test drives it: errors of scripts and policy, answers that should not be."""
from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Response

LOADING = "Failed to load resource"


class Watch:
    """Complaints of a context. An answer of 400 and above is one, unless the test said that it provokes it."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.provoked: set[int] = set()
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("response", self._response)

    def provokes(self, *statuses: int) -> None:
        """From now on these answers are meant."""
        self.provoked |= set(statuses)

    def _console(self, line: ConsoleMessage) -> None:
        # Every failed answer is also a line on the console; the answer itself says more.
        if line.type == "error" and not line.text.startswith(LOADING):
            self.complaints.append(f"console at {line.page.url if line.page else '?'}: {line.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.status not in self.provoked):
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")
