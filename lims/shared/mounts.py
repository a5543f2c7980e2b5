"""On which file system a folder lies: SQLite is refused where locks do not work across machines."""
from __future__ import annotations

from pathlib import Path

import config

NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "fuse.sshfs", "glusterfs", "ceph", "davfs", "ncpfs"}


def file_system_type(path: Path, mounts: str | None = None) -> str:
    """Type of the file system that holds `path` ("ext4"); "unknown" where the system does not tell.

    `mounts` is the text of /proc/mounts; read when not given."""
    if mounts is None:
        table = Path("/proc/mounts")
        if not table.exists():
            return "unknown"
        mounts = table.read_text(encoding="utf-8", errors="replace")
    best, kind = "", "unknown"
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = str(path) == point or str(path).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def is_network_file_system(kind: str) -> bool:
    """Whether files of this type are shared over a network."""
    return kind in NETWORK or kind.startswith("fuse.rclone")


def refuse_network_disk(settings: config.Settings) -> None:
    """SettingsError where SQLite's locks do not hold: two servers on one share would lose numbers."""
    if not settings.is_sqlite:
        return
    folder = Path(settings.database_url.removeprefix("sqlite:///")).parent
    if is_network_file_system(kind := file_system_type(folder)):
        raise config.SettingsError(f"LIMS_DATA_DIR: {folder} lies on a network file system ({kind}); "
                                   "use a local disk, or PostgreSQL by LIMS_DATABASE_URL")
