"""Evidence that the engine is right, for a laboratory's file on ISO/IEC 17025:2017 7.11.2.

Every requirement is tied to reference cases; every case is calculated now and compared with the published value. The
report names what was calculated with: versions, platform, seeds, and digests of the code and of the cases.

    python -m uncertainty.validation tests/uncertainty/cases build/validation-report.json
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import platform
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from uncertainty import ENGINE_VERSION
from uncertainty.calc import calculate

Case = Mapping[str, Any]
REPORT_VERSION = 1
MOST_DIGITS = 15.0
"""Agreement is not counted beyond what a double holds."""


@dataclass(frozen=True)
class Requirement:
    """Something the engine must do, and how to tell the cases that show it."""

    code: str
    vi: str
    en: str
    clause: str
    shown_by: Callable[[Case], bool]


def _budget(case: Case) -> bool:
    return bool(case["calculation"] == "budget")


def _fields(case: Case) -> list[str]:
    return [expected["field"] for expected in case["expect"]]


def _asks(case: Case, *words: str) -> bool:
    return any(word in field for field in _fields(case) for word in words)


def _inputs(case: Case) -> list[Mapping[str, Any]]:
    return list(case["input"].get("inputs", {}).values())


def _with(*keys: str) -> Callable[[Case], bool]:
    """Budgets that have an input with one of these keys."""
    return lambda case: _budget(case) and any(key in entry for entry in _inputs(case) for key in keys)


def _drawn(*kinds: str) -> Callable[[Case], bool]:
    """Budgets simulated with an input of one of these distributions."""

    def shows(case: Case) -> bool:
        found = any(entry.get("distribution") in kinds for entry in _inputs(case))
        return _budget(case) and found and _asks(case, "monte_carlo")

    return shows


def _method(name: str) -> Callable[[Case], bool]:
    return lambda case: _budget(case) and case["input"].get("coverage", {}).get("method") == name


def _of(kind: str, *words: str) -> Callable[[Case], bool]:
    return lambda case: case["calculation"] == kind and (not words or _asks(case, *words))


REQUIREMENTS = (
    Requirement(
        "U-01",
        "Luật truyền độ không đảm bảo đo, đầu vào không tương quan",
        "Law of propagation, uncorrelated inputs",
        "JCGM 100:2008 5.1.2",
        lambda case: _budget(case) and not case["input"].get("correlations") and _asks(case, "standard_uncertainty"),
    ),
    Requirement(
        "U-02",
        "Luật truyền độ không đảm bảo đo, đầu vào tương quan",
        "Law of propagation, correlated inputs",
        "JCGM 100:2008 5.2.2",
        lambda case: bool(case["input"].get("correlations")) and _asks(case, "standard_uncertainty"),
    ),
    Requirement("U-03", "Đầu vào chung nguồn", "Inputs of one source", "JCGM 100:2008 F.1.2.3", _with("source")),
    Requirement("U-04", "Số hạng bậc hai", "Second-order terms", "JCGM 100:2008 5.1.2", _of("budget", "second_order")),
    Requirement("U-05", "Đánh giá loại A", "Type A evaluation", "JCGM 100:2008 4.2", _with("readings")),
    Requirement(
        "U-06",
        "Độ không đảm bảo mở rộng và giới hạn từ giấy chứng nhận",
        "Expanded uncertainties and limits as stated",
        "JCGM 100:2008 4.3",
        _with("expanded_uncertainty", "lower"),
    ),
    Requirement(
        "U-07",
        "Bậc tự do hiệu dụng và hệ số phủ",
        "Effective degrees of freedom and coverage factor",
        "JCGM 100:2008 G.4",
        _of("budget", "dof", "coverage_factor"),
    ),
    Requirement("U-08", "Thành phần trội", "Dominant components", "EA-4/02 M:2022 S9, S10", _method("dominant")),
    Requirement(
        "U-09",
        "Nhiều kết quả: tương quan và vùng phủ",
        "Several results: correlations and coverage regions",
        "JCGM 102:2011 6",
        _of("budget", "output_correlations", "coverage_region"),
    ),
    Requirement(
        "M-01",
        "Lan truyền phân bố bằng Monte Carlo",
        "Propagation of distributions by Monte Carlo",
        "JCGM 101:2008 7",
        _of("budget", "monte_carlo"),
    ),
    Requirement(
        "M-02",
        "Phân bố có biên",
        "Bounded distributions",
        "JCGM 101:2008 6.4.2 – 6.4.6",
        _drawn("rectangular", "triangular", "trapezoidal", "arcsine", "curvilinear_trapezoid"),
    ),
    Requirement(
        "M-03",
        "Phân bố không bị chặn",
        "Unbounded distributions",
        "JCGM 101:2008 6.4.7 – 6.4.11",
        _drawn("normal", "student_t", "exponential", "lognormal", "gamma"),
    ),
    Requirement(
        "M-04",
        "Monte Carlo với đầu vào tương quan",
        "Monte Carlo with correlated inputs",
        "JCGM 101:2008 6.4.8",
        lambda case: bool(case["input"].get("correlations")) and _asks(case, "monte_carlo"),
    ),
    Requirement(
        "M-05",
        "Khoảng phủ từ Monte Carlo và tự chọn phương pháp",
        "Coverage by Monte Carlo, and the choice of method",
        "JCGM 101:2008 8",
        lambda case: _method("monte_carlo")(case) or _method("auto")(case),
    ),
    Requirement(
        "M-06",
        "Monte Carlo đến số chữ số ổn định",
        "Monte Carlo to a number of stable digits",
        "JCGM 101:2008 7.9",
        lambda case: "digits" in case["input"].get("monte_carlo", {}),
    ),
    Requirement(
        "C-01",
        "Xác suất phù hợp và quy tắc quyết định",
        "Probability of conformity and decision rules",
        "JCGM 106:2012 7, 8",
        _of("conformity", "conformance_probability"),
    ),
    Requirement(
        "C-02",
        "Rủi ro toàn cục và giới hạn chấp nhận",
        "Global risk and acceptance limits",
        "JCGM 106:2012 9.5",
        _of("conformity", "global"),
    ),
    Requirement("F-01", "Đường chuẩn", "Calibration curves", "JCGM 100:2008 H.3", _of("fit")),
    Requirement("A-01", "Phân tích phương sai", "Analysis of variance", "JCGM 100:2008 H.5", _of("anova")),
    Requirement("I-01", "Chu kỳ hiệu chuẩn", "Calibration intervals", "NCSLI RP-1, ILAC-G24", _of("interval")),
    Requirement("K-01", "So sánh liên phòng", "Interlaboratory comparison", "ISO 13528:2022 9", _of("comparison")),
)


def load_cases(folder: Path) -> list[Case]:
    """All cases of the JSON files of a folder, in the order of their names."""
    return [case for file in sorted(folder.glob("*.json")) for case in json.loads(file.read_text(encoding="utf-8"))]


def validation_report(cases: Sequence[Case], *, made_at: str) -> dict[str, Any]:
    """Calculate every case and compare; `made_at` is the time printed in the report (ISO 8601).

    `requirements` list their cases, with `state` agrees, disagrees or untested; `cases` hold each quantity with its
    published and computed value, difference, tolerance, agreement and the number of agreeing digits.
    """
    results = {str(case["id"]): _result(case) for case in cases}
    requirements = [_shown(requirement, cases, results) for requirement in REQUIREMENTS]
    quantities = [quantity for result in results.values() for quantity in result["quantities"]]
    return {
        "validation_report": REPORT_VERSION,
        "made_at": made_at,
        "subject": "uncertainty",
        "standard": "ISO/IEC 17025:2017 7.11.2",
        "engine_version": ENGINE_VERSION,
        "code_digest": code_digest(),
        "cases_digest": _digest([json.dumps(list(cases), sort_keys=True, ensure_ascii=False).encode()]),
        "environment": environment(),
        "summary": {
            "requirements": len(requirements),
            "untested": sum(requirement["state"] == "untested" for requirement in requirements),
            "cases": len(results),
            "agreeing_cases": sum(bool(result["agrees"]) for result in results.values()),
            "quantities": len(quantities),
            "agreeing_quantities": sum(bool(quantity["agrees"]) for quantity in quantities),
        },
        "requirements": requirements,
        "cases": list(results.values()),
    }


def code_digest() -> str:
    """SHA-256 over the names and bytes of the engine's source files."""
    folder = Path(__file__).parent
    return _digest(part for file in sorted(folder.glob("*.py")) for part in (file.name.encode(), file.read_bytes()))


def environment() -> dict[str, str]:
    """What the numbers may depend on beside the code."""
    return {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()),
    }


def _result(case: Case) -> dict[str, Any]:
    answer = calculate(case["calculation"], case["input"])
    quantities = [_quantity(answer, expected) for expected in case["expect"]]
    seeds = case["input"].get("monte_carlo") or {}
    return {
        "id": case["id"],
        "calculation": case["calculation"],
        "source": case["source"],
        "evidence": case["evidence"],
        "note": case["note"],
        "seed": seeds.get("seed", 1) if "monte_carlo" in case["input"] else None,
        "quantities": quantities,
        "agrees": all(quantity["agrees"] for quantity in quantities),
    }


def _quantity(answer: Any, expected: Mapping[str, Any]) -> dict[str, Any]:
    computed = _field(answer, expected["field"])
    published = expected["equals"]
    difference = None if computed is None else abs(computed - published)
    return {
        "field": expected["field"],
        "published": published,
        "computed": computed,
        "difference": difference,
        "tolerance": expected["tolerance"],
        "agrees": difference is not None and difference <= expected["tolerance"],
        "digits": None if difference is None else _digits(difference, published),
    }


def _digits(difference: float, published: float) -> float:
    """Agreeing significant digits, -log10 of the relative difference (of the difference where 0 was published)."""
    relative = difference / abs(published) if published else difference
    return round(min(MOST_DIGITS, max(0.0, -math.log10(relative))), 1) if relative > 0.0 else MOST_DIGITS


def _field(answer: Any, path: str) -> Any:
    for key in path.split("."):
        answer = answer[int(key)] if isinstance(answer, list) else answer[key]
    return answer


def _shown(requirement: Requirement, cases: Iterable[Case], results: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    shown = [str(case["id"]) for case in cases if requirement.shown_by(case)]
    agrees = all(results[name]["agrees"] for name in shown)
    state = "untested" if not shown else "agrees" if agrees else "disagrees"
    return {
        "requirement": requirement.code,
        "vi": requirement.vi,
        "en": requirement.en,
        "clause": requirement.clause,
        "cases": shown,
        "state": state,
    }


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report; exit status 1 when a case disagrees or a requirement is untested."""
    parser = argparse.ArgumentParser(description="Calculate the reference cases and write the validation report (JSON)")
    parser.add_argument("cases", type=Path, help="folder with the JSON files of the cases")
    parser.add_argument("output", type=Path, help="the report to write")
    options = parser.parse_args(arguments)
    report = validation_report(load_cases(options.cases), made_at=datetime.now(UTC).isoformat(timespec="seconds"))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(
        json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )
    summary = report["summary"]
    sys.stdout.write(
        f"cases {summary['agreeing_cases']}/{summary['cases']}, quantities {summary['agreeing_quantities']}"
        f"/{summary['quantities']}, untested requirements {summary['untested']}: {options.output}\n"
    )
    return 0 if summary["agreeing_cases"] == summary["cases"] and not summary["untested"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
