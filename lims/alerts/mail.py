"""Mail over SMTP: the server named by LIMS_SMTP_URL, and the message with its fixed identity."""
from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import config
from lims.alerts.models import OutboxMessage

TIMEOUT_SECONDS = 15
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. Over plain smtp the connection is encrypted as soon as the server offers it."""

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = ""

    def connect(self) -> smtplib.SMTP:
        """An open session, logged in when there is a user. Raises OSError or smtplib.SMTPException."""
        context = ssl.create_default_context()
        if self.encrypted:
            opened: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            opened = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            self._open(opened, context)
        except BaseException:
            opened.close()
            raise
        return opened

    def _open(self, opened: smtplib.SMTP, context: ssl.SSLContext) -> None:
        opened.ehlo()
        secure = self.encrypted
        if not secure and opened.has_extn("starttls"):
            opened.starttls(context=context)
            opened.ehlo()
            secure = True
        if self.user:
            if not secure and self.host not in _LOOPBACK:
                raise smtplib.SMTPException("the server offers no encryption: the password was not sent")
            opened.login(self.user, self.password)


def mail_server(url: str) -> MailServer:
    """smtp://user:password@host:port or smtps://… read. Raises config.SettingsError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise config.SettingsError("LIMS_SMTP_URL: expected smtp://user:password@host:port or smtps://…")
    encrypted = parts.scheme == "smtps"
    return MailServer(parts.hostname, port or (465 if encrypted else 25), encrypted,
                      unquote(parts.username or ""), unquote(parts.password or ""))


class _WholeSubject(EmailPolicy):
    """Headers as SMTP wants them, a subject beyond ASCII encoded from end to end: the folding of Python 3.11 encodes
    word by word and drops the space between two encoded words (CPython issue 92081)."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() != "subject" or str(value).isascii():
            return super().fold(name, value)
        return f"{name}: {Header(str(value), 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY = _WholeSubject(linesep="\r\n")


def email_message(row: OutboxMessage, sender: str) -> EmailMessage:
    """The mail of this row, the same at every attempt. Raises ValueError for an address or header that is none."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=row.recipient)
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = row.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body, cte="quoted-printable")
    return message
