"""Labels and slips of a job: rows turned into the plain values that certificates.labels prints."""
from __future__ import annotations
