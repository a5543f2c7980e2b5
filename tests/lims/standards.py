"""Standards for the tests: one call registers one, another enters its certificate."""
from __future__ import annotations

from datetime import date
from typing import Any

from lims.auth.models import User
from lims.equipment import certificates, service
from lims.equipment.certificates import CertificateEntry
from lims.equipment.models import Standard, StandardCertificate
from lims.equipment.service import StandardDetails
from lims.equipment.table import TypedRow

PRESSURE = (TypedRow("0", "0,000", "0,004", "2"), TypedRow("8", "8,002", "0,004", "2"),
            TypedRow("16", "16,001", "0,004", "2"))


def details(asset_number: str = "CH-AS-014", **other: Any) -> StandardDetails:
    """A digital pressure gauge, 0 to 16 bar."""
    values: dict[str, Any] = {
        "asset_number": asset_number, "name": "Áp kế chuẩn hiện số", "quantity": "pressure", "unit": "bar",
        "serial": f"S-{asset_number}", "maker": "Additel", "model": "681", "location": "Tủ chuẩn 2"}
    return StandardDetails(**(values | other))


def registered(by: User, asset_number: str = "CH-AS-014", *, months: int = 12, **other: Any) -> Standard:
    """A standard in the register, without a certificate."""
    return service.register_standard(details(asset_number, **other), interval_count=months, interval_unit="months",
                                     by=by)


def entry(calibrated_on: date, **other: Any) -> CertificateEntry:
    """A certificate of the gauge by an accredited laboratory."""
    values: dict[str, Any] = {
        "number": f"AS.{calibrated_on:%j.%y}", "issuer": "Phòng hiệu chuẩn áp suất Sông Hồng", "route": "ilac_mra",
        "accreditation": "VILAS 9001", "calibrated_on": calibrated_on, "unit": "bar", "rows": PRESSURE}
    return CertificateEntry(**(values | other))


def certified(standard: Standard, by: User, calibrated_on: date, **other: Any) -> StandardCertificate:
    """A certificate entered for the standard."""
    return certificates.enter_certificate(standard.id, entry(calibrated_on, **other), by=by)
