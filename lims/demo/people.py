"""Who works in the demonstration laboratory, and what it is called. All names are invented."""
from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """One account; `performs`, `reviews`, `approves` are keys of PROCEDURES."""

    username: str
    full_name: str
    title: str
    title_en: str
    roles: tuple[str, ...]
    performs: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()


ALL = ("*",)

PEOPLE = (
    Person("quantri", "Phan Đức Toàn", "Quản trị hệ thống", "System administrator", ("administrator",)),
    Person("tiepnhan", "Lê Thị Thu Hà", "Nhân viên tiếp nhận", "Receptionist", ("reception",)),
    Person("ktv1", "Nguyễn Văn Minh", "Kiểm định viên", "Verification officer", ("technician",), performs=ALL),
    Person("ktv2", "Trần Thị Ngọc Ánh", "Kỹ thuật viên", "Technician", ("technician",), performs=ALL),
    Person("soatxet", "Hoàng Quốc Việt", "Trưởng phòng Kỹ thuật", "Head of the Technical Division", ("reviewer", "technician"), performs=ALL, reviews=ALL),
    Person("ky", "Đặng Thị Mai Hương", "Phó Giám đốc", "Deputy Director", ("signer",), reviews=ALL, approves=ALL),
    Person("chatluong", "Võ Thanh Sơn", "Phụ trách chất lượng", "Quality manager", ("quality_manager",)),
    Person("giamdoc", "Bùi Xuân Trường", "Giám đốc", "Director", ("head",), approves=ALL),
)

LABORATORY = {
    "superior_vi": "Sở Khoa học và Công nghệ tỉnh Minh Sơn",
    "superior_en": "Department of Science and Technology of Minh Son Province",
    "name_vi": "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng",
    "name_en": "Technical Centre for Standards, Metrology and Quality",
    "short_name": "TT Kỹ thuật TCĐLCL Minh Sơn",
    "address": "Số 12 đường Trần Phú, phường Đông Hà, tỉnh Minh Sơn",
    "phone": "0200 385 0000",
    "email": "kythuat@minhson.example",
    "registration_code": "ĐK 000",
    "accreditation_code": "",
    "place": "Minh Sơn",
    "head_title_vi": "Giám đốc",
    "head_title_en": "Director",
    "validity_policy": "same_day",
}
