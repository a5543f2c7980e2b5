"""What others call: review, issue, amend, withdraw."""
from __future__ import annotations

from lims.issue.afterwards import amend, withdraw
from lims.issue.batch import request_batch
from lims.issue.issuing import Outcome, issue_batch, issue_certificate
from lims.issue.review import review_item, send_back, set_separate_review
from lims.issue.series import set_pattern

__all__ = ["Outcome", "amend", "issue_batch", "issue_certificate", "request_batch", "review_item", "send_back",
           "set_pattern", "set_separate_review", "withdraw"]
