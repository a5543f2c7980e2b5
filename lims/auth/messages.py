"""What Flask-Security says, in the house's words (it ships no Vietnamese); the English stands in our catalogue."""
from __future__ import annotations


def _n(text: str) -> str:
    """Marks a message for the catalogue; it is translated when it is shown."""
    return text


MESSAGES: dict[str, tuple[str, str]] = {
    "UNAUTHENTICATED": (_n("Hãy đăng nhập để xem trang này."), "info"),
    "UNAUTHORIZED": (_n("Bạn không có quyền xem trang này."), "error"),
    "GENERIC_AUTHN_FAILED": (_n("Tên đăng nhập hoặc mật khẩu không đúng."), "error"),
    "USER_DOES_NOT_EXIST": (_n("Tên đăng nhập hoặc mật khẩu không đúng."), "error"),
    "INVALID_PASSWORD": (_n("Tên đăng nhập hoặc mật khẩu không đúng."), "error"),
    "DISABLED_ACCOUNT": (_n("Tài khoản này đã khóa; hãy hỏi người quản trị."), "error"),
    "PASSWORD_NOT_PROVIDED": (_n("Hãy điền mật khẩu."), "error"),
    "EMAIL_NOT_PROVIDED": (_n("Hãy điền ô này."), "error"),
    "LOGIN": (_n("Đã đăng nhập."), "success"),
    "REAUTHENTICATION_REQUIRED": (_n("Hãy nhập lại mật khẩu để tiếp tục."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_n("Đã xác nhận."), "info"),
    "PASSWORD_MISMATCH": (_n("Hai mật khẩu không giống nhau."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_n("Hai mật khẩu không giống nhau."), "error"),
    "PASSWORD_INVALID_LENGTH": (_n("Mật khẩu dài ít nhất %(length)s ký tự."), "error"),
    "PASSWORD_IS_THE_SAME": (_n("Mật khẩu mới phải khác mật khẩu cũ."), "error"),
    "PASSWORD_CHANGE": (_n("Đã đổi mật khẩu."), "success"),
    "PASSWORD_TOO_SIMPLE": (_n("Mật khẩu quá dễ đoán."), "error"),
    "ANONYMOUS_USER_REQUIRED": (_n("Bạn đã đăng nhập rồi."), "error"),
    "INVALID_REDIRECT": (_n("Không chuyển ra ngoài trang này."), "error"),
}
