"""A real SMTP server that can refuse, lose its answer, or kill whoever is sending."""
from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.controller import Controller

Mishap = Literal["", "refuse", "lose_reply", "kill_before", "kill_after"]


@dataclass
class Mailbox:
    """What was taken, in order; `mishap(n)` says what happens to the n-th mail that arrives, counted from 0."""

    mishap: Callable[[int], Mishap] = lambda _n: ""
    kill: Callable[[], None] = lambda: None
    arrived: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    url: str = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        happens = self.mishap(self.arrived)
        self.arrived += 1
        if happens == "refuse":
            return "451 4.3.0 try again later"
        if happens == "kill_before":
            self.kill()
            return "451 4.3.0 nobody listens"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((envelope.rcpt_tos[0], message))  # type: ignore[arg-type]
        if happens == "kill_after":
            self.kill()
        if happens in ("lose_reply", "kill_after"):
            server.transport.abort()
        return "250 OK"

    def identities(self) -> Counter[str]:
        """Message-ID -> how often it was taken."""
        return Counter(str(message["Message-ID"]) for _recipient, message in self.taken)


class _AnyPort(Controller):
    """Listens where the system has room; aiosmtpd itself cannot wait on a port it did not choose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(box: Mailbox) -> Iterator[Mailbox]:
    """The mailbox behind a listening server; `url` is for LIMS_SMTP_URL."""
    controller = _AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        box.url = f"smtp://127.0.0.1:{controller.port}"
        yield box
    finally:
        controller.stop()
