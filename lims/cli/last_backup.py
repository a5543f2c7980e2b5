"""When and where the last backup was made, noted in the data folder; `lims doctor` asks."""
from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAME = "last-backup.json"


@dataclass(frozen=True)
class LastBackup:
    """`seq` and `link` are the end of the audit trail that the backup holds."""

    at: datetime
    folder: str
    seq: int
    link: str

    def write(self, data_dir: Path) -> None:
        """Put it in the place of the one before."""
        new = data_dir / f"{NAME}.new"
        new.write_text(json.dumps({"at": self.at.isoformat(), "folder": self.folder, "seq": self.seq,
                                   "link": self.link}), encoding="utf-8")
        new.replace(data_dir / NAME)

    @classmethod
    def read(cls, data_dir: Path) -> LastBackup | None:
        """None when there was none, or the note cannot be read."""
        try:
            told = json.loads((data_dir / NAME).read_text(encoding="utf-8"))
            return cls(datetime.fromisoformat(told["at"]), told["folder"], told["seq"], told["link"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
