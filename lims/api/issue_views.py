"""The issue through the API: the password, what the preflight says, the signature with which a document is issued."""
from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import tokens
from lims.api.access import bearer, scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import json_body, judged
from lims.api.certificate_views import plain
from lims.api.issue_forms import CertificateChange, NewCertificate, PasswordCheck
from lims.api.models import ApiToken
from lims.api.named import item_named
from lims.api.once import created, key_of_request
from lims.api.problems import Fault, Faulty, refused
from lims.api.values import instant
from lims.api.versions import Revision, changed
from lims.issue import afterwards, archive, issuing, statements
from lims.issue.finding import stops
from lims.issue.models import Certificate
from lims.jobs.service import item_by_code
from lims.shared.errors import Invalid
from lims.shared.i18n import language


@blueprint.post("/password-checks")
@scoped("certificates:issue", "issue.sign")
def check_password() -> Response:
    """Give the password; for five minutes documents may be signed with this token."""
    form = judged(PasswordCheck, json_body())
    until = tokens.check_password(_token(), form.password.data or "", request.remote_addr or "")
    return jsonify(valid_until=instant(until))


@blueprint.get("/job-items/<path:code>/preflight")
@scoped("certificates:issue", "issue.sign")
def preflight(code: str) -> Response:
    """What an assessor would ask, and the marks of the result and statements that a signature names."""
    item = item_by_code(code)
    found = issuing.examine(item.id, current_user)
    return jsonify(
        item=item.code, state=item.state, verdict=found.dossier.result.verdict, digest=found.dossier.result.digest,
        statements=statements.mark(found.dossier.statements), ready=not stops(found.findings),
        findings=[{"state": one.state, "code": one.code, "text": one.text(language()),
                   "detail": one.detail(language())} for one in found.findings])


@blueprint.post("/certificates")
@scoped("certificates:issue", "issue.sign")
def issue() -> Response:
    """Approve the result that was read and issue its document."""
    def act(body: dict[str, Any]) -> None:
        _require_fresh_password()
        form = judged(NewCertificate, body)
        item = item_named(form.item.data, "item")
        statements.require_seen(item.id, form.statements.data)
        try:
            issuing.issue_with_checked_password(item.id, signer=current_user, idempotency_key=key_of_request(),
                                                digest=form.digest.data)
        except issuing.NotReady as error:
            raise Faulty([Fault((one.where or one.code,), one.text(language()), in_body=False)
                          for one in error.findings]) from error
    return created(Certificate, act, plain)


@blueprint.patch("/certificates/<path:number>")
@scoped("certificates:issue", "issue.sign")
def withdraw(number: str) -> Response:
    """Say that a document no longer counts; its number stays taken and the bytes stay readable."""
    def read() -> Revision:
        found = archive.by_number(number)
        return Revision(found, str(plain(found)["version"]))

    def act(now: Revision, _version: str, body: dict[str, Any]) -> None:
        _require_fresh_password()
        form = judged(CertificateChange, body)
        if not form.withdrawn.data:
            raise Invalid("Giấy đã cấp chỉ có thể thu hồi: withdrawn là true.",
                          "An issued document can only be withdrawn: withdrawn is true.", "withdrawn")
        afterwards.withdraw_with_checked_password(now.row.id, signer=current_user, reason=form.reason.data)
    return changed(read, act, lambda now: plain(now.row))


def _token() -> ApiToken:
    found = bearer()
    assert found is not None  # `scoped` has let it pass
    return found


def _require_fresh_password() -> None:
    """Raises the challenge of RFC 9470."""
    if tokens.password_is_fresh(_token()):
        return
    error = refused(401, "Hãy nhập lại mật khẩu (POST /password-checks); mật khẩu có hiệu lực năm phút.",
                    "Give the password again (POST /password-checks); it counts for five minutes.")
    seconds = int(tokens.PASSWORD_COUNTS.total_seconds())
    error.challenge = f'Bearer error="insufficient_user_authentication", max_age="{seconds}"'
    raise error
