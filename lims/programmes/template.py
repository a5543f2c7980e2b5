"""The template of programmes: sections and topics as data. The first follows the practice of a designated body under
Decision 510 (its official annex was not seen): programme, state of measurement by nine topics, report by eight parts.
"""
from __future__ import annotations

import sqlalchemy as sa

from lims.auth.models import User
from lims.programmes.models import ProgrammeTemplate
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.shared.freshness import mark_of, require_seen

KINDS = {"mục": "section", "hiện trạng": "topic"}
MOST = 40
FIRST = (
    ("section", "Sự cần thiết, căn cứ", "Đặt hàng của doanh nghiệp, văn bản pháp luật, nhiệm vụ được duyệt"),
    ("section", "Phạm vi, đối tượng áp dụng", "Công đoạn, phép đo, đơn vị tham gia"),
    ("section", "Mục tiêu chung", "Điều doanh nghiệp đạt được khi phép đo được bảo đảm"),
    ("section", "Mục tiêu cụ thể", "Con số phải đạt, đo được khi tổng kết"),
    ("section", "Giải pháp", "Quản lý; phối hợp; truyền thông; thông tin, xúc tiến thương mại"),
    ("section", "Hiệu quả dự kiến", "Giảm sai lỗi, hao hụt; đáp ứng yêu cầu của khách hàng và pháp luật"),
    ("section", "Kinh phí", "Nguồn, dự toán; có thể để trống"),
    ("section", "Tổ chức thực hiện", "Đơn vị chủ trì, phối hợp; chế độ báo cáo, đánh giá hằng năm"),
    ("topic", "Quản lý đo lường", "Quy định nội bộ, phân công, hồ sơ"),
    ("topic", "Nhân sự, năng lực", "Người làm đo lường, đào tạo"),
    ("topic", "Phương pháp đo", "Quy trình, hướng dẫn, tiêu chuẩn đang dùng"),
    ("topic", "Phương tiện đo, chuẩn, liên kết chuẩn", "Danh mục, cấp chính xác, nguồn liên kết"),
    ("topic", "Kiểm định, hiệu chuẩn, bảo dưỡng", "Kế hoạch, tình trạng thực hiện"),
    ("topic", "Môi trường", "Nhiệt độ, độ ẩm, rung, nguồn điện"),
    ("topic", "Dữ liệu, phần mềm", "Ghi chép, tính toán, lưu giữ"),
    ("topic", "So sánh, thử nghiệm thành thạo, kiểm soát chất lượng", "Đã tham gia gì, kết quả"),
    ("topic", "Hiệu quả dự kiến", "Lợi ích khi khắc phục"),
)


def current_parts() -> list[dict[str, str]]:
    """The parts of programmes drafted from now on."""
    row = newest()
    return row.parts if row is not None else [
        {"kind": kind, "title": title, "hint": hint} for kind, title, hint in FIRST]


def newest() -> ProgrammeTemplate | None:
    """The last change of the template; None before the first."""
    return session().scalar(sa.select(ProgrammeTemplate).order_by(ProgrammeTemplate.id.desc()).limit(1))


def as_text(parts: list[dict[str, str]]) -> str:
    """One line for each part: "mục | title | hint" or "hiện trạng | title | hint"."""
    names = {kind: name for name, kind in KINDS.items()}
    return "\n".join(f"{names[part['kind']]} | {part['title']} | {part['hint']}" for part in parts)


def read(text: str) -> list[dict[str, str]]:
    """The parts of such lines. Raises Invalid at `parts`, naming the line."""
    parts = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("|", 2)]
        if len(cells) < 2 or cells[0].casefold() not in KINDS or not cells[1]:
            raise Invalid(f"Dòng {number}: viết “mục | tên | gợi ý” hoặc “hiện trạng | tên | gợi ý”.",
                          f"Line {number}: write “mục | title | hint” or “hiện trạng | title | hint”.", "parts")
        parts.append({"kind": KINDS[cells[0].casefold()], "title": cells[1], "hint": cells[2] if cells[2:] else ""})
    if not parts or len(parts) > MOST:
        raise Invalid(f"Cần từ 1 đến {MOST} mục.", f"1 to {MOST} parts are wanted.", "parts")
    return parts


def change(text: str, *, by: User, seen: str = "") -> None:
    """A new template; programmes that stand keep their parts. Raises Conflict when the newest is no longer the one
    whose mark was `seen`."""
    parts = read(text)
    with write("programme.template", actor=(str(by.id), by.full_name)) as current:
        require_seen(seen, mark_of(newest()), "mẫu này", "this template")
        current.add(ProgrammeTemplate(parts=parts, at=clock.now(), by_id=by.id))
