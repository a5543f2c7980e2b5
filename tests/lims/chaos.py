"""A proxy between browser and server that cuts connections: before the request passes, or before its answer does."""
from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Cut = Literal["none", "request", "answer", "half"]


class Chaos:
    """`cut` says what happens to requests that hold `only`: "request" is never handed over, "answer" is handed over but
    nobody hears the reply, "half" gives a torn reply. Everything else passes."""

    def __init__(self, target: tuple[str, int], only: bytes) -> None:
        self.target, self.only = target, only
        self.cut: Cut = "none"
        self.cuts = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def end(self) -> None:
        self._ended = True
        self._server.close()

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _address = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """One request a connection; the header asks the server to close afterwards."""
        with client:
            try:
                asked = _request(client)
                if asked:
                    self._pass(client, asked)
            except OSError:
                return

    def _pass(self, client: socket.socket, asked: bytes) -> None:
        cut = self.cut if self.only in asked.split(b"\r\n", 1)[0] else "none"
        self.cuts += cut != "none"
        if cut == "request":
            return
        with socket.create_connection(self.target, timeout=20) as server:
            server.sendall(asked.replace(b"Connection: keep-alive", b"Connection: close", 1))
            answer = b"".join(iter(lambda: server.recv(65536), b""))
        if cut == "answer":
            return
        client.sendall(answer[:len(answer) // 2] if cut == "half" else answer)


@contextmanager
def between(port: int, only: str) -> Iterator[Chaos]:
    """A proxy in front of the server on this port, cutting requests whose first line holds `only`."""
    proxy = Chaos(("127.0.0.1", port), only.encode())
    try:
        yield proxy
    finally:
        proxy.end()


def _request(client: socket.socket) -> bytes:
    """Head and body of one request; empty when the client went away."""
    client.settimeout(20)
    read = b""
    while b"\r\n\r\n" not in read:
        part = client.recv(65536)
        if not part:
            return b""
        read += part
    head, _sign, body = read.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                   if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body
