"""The closed words of a record: kinds, roles, verdicts, steps; and the pair of words in two languages."""

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What document it is."""

    CALIBRATION = "calibration"
    VERIFICATION = "verification"
    TEST = "test"
    WORK_RECORD = "work_record"  # biên bản


class Service(enum.StrEnum):
    """What was done to the item; a work record (biên bản) may be of any service."""

    CALIBRATION = "calibration"
    VERIFICATION = "verification"
    TEST = "test"


class Place(enum.StrEnum):
    """Where the work was done (ISO/IEC 17025 7.8.2.1 c)."""

    LABORATORY = "laboratory"
    CUSTOMER = "customer"
    MOBILE = "mobile"
    OTHER = "other"


class Outcome(enum.StrEnum):
    """Outcome of one check of a work record; after the first failure the rest is `not_done`."""

    PASS = "pass"
    FAIL = "fail"
    NOT_DONE = "not_done"


class Verdict(enum.StrEnum):
    """Statement of conformity."""

    PASS = "pass"
    FAIL = "fail"
    CONDITIONAL_PASS = "conditional_pass"
    CONDITIONAL_FAIL = "conditional_fail"


class Rule(enum.StrEnum):
    """Decision rule. `procedure` = inherent in the norm or ĐLVN, `agreed` = other rule, in words."""

    SIMPLE = "simple"
    GUARDED = "guarded"
    GUARDED_R = "guarded_r"
    FOUR_STATE = "four_state"
    PROCEDURE = "procedure"
    AGREED = "agreed"


class Role(enum.StrEnum):
    """What a column holds. Numeric roles are aligned on the decimal sign; ERROR is printed bold."""

    NUMBER = "number"  # running number or point name, centred
    INDICATION = "indication"
    REFERENCE = "reference"
    ERROR = "error"
    CORRECTION = "correction"
    VALUE = "value"  # another measured or computed quantity
    UNCERTAINTY = "uncertainty"
    COVERAGE_FACTOR = "coverage_factor"
    LIMIT = "limit"
    VERDICT = "verdict"  # a Verdict value or words
    TEXT = "text"


class Stage(enum.StrEnum):
    """Results before and after adjustment stand in separate tables (7.8.4.1 d)."""

    AS_FOUND = "as_found"
    AS_LEFT = "as_left"
    ONLY = ""


class Step(enum.StrEnum):
    """Which step of the work an approval records; the page places signatures by it."""

    PERFORMED = "performed"
    REVIEWED = "reviewed"
    AUTHORISED = "authorised"


@dataclass(frozen=True)
class Words:
    """The same words in Vietnamese and, where they leave the house, English."""

    vi: str
    en: str = ""


NO_WORDS = Words("")
