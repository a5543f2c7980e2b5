"""What a token of the API may open: the one list, for the routes, the description and the command that makes tokens."""
from __future__ import annotations

SCOPES: dict[str, str] = {
    "calc": "compute with the uncertainty engine",
    "certificates:read": "list and read issued documents, their files and records",
    "standards:read": "list and read the register of reference standards",
    "metrics:read": "read the figures for monitoring",
}
