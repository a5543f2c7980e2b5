"""What a token of the API may open: the one list, for the routes, the description and the command that makes tokens."""
from __future__ import annotations

SCOPES: dict[str, str] = {
    "calc": "compute with the uncertainty engine",
    "certificates:read": "list and read issued documents, their files and records",
    "certificates:issue": "sign, issue and withdraw documents, the password given within five minutes",
    "customers:read": "list and read customers and their instruments",
    "customers:write": "create and change customers and their instruments",
    "jobs:read": "list and read jobs and their items",
    "jobs:write": "take in, review, assign, cancel and hand over",
    "worksheets:read": "list and read worksheets with every reading",
    "worksheets:write": "begin sheets, write readings, choose standards, submit for review",
    "standards:read": "list and read the register of reference standards and their certificates",
    "standards:write": "register and change standards, enter and correct their certificates",
    "stickers:read": "list and read the ledger of stickers and seals",
    "stickers:write": "receive stickers and seals, hand them out, take them back",
    "alerts:read": "list and read what is due",
    "alerts:write": "acknowledge alerts and put them off",
    "surveys:read": "list and read surveys at enterprises",
    "surveys:write": "begin surveys, fill in their rows, finish them",
    "programmes:read": "list and read measurement-assurance programmes",
    "programmes:write": "draft programmes, write their parts, measurements and actions, follow actions up",
    "plans:read": "list and read the tasks of the yearly plan",
    "plans:write": "write tasks of the yearly plan, targets, overrides with a reason, what was done",
    "metrics:read": "read the figures for monitoring",
}
