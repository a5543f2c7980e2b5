"""A worker of background tasks, made to be killed: run as a module with the data folder and the database's address.

Its clock stands, as the clock of the tests does; it ends when nothing waits any more.
"""
from __future__ import annotations

import sys
from datetime import UTC, datetime

import config
from lims.app import create_app
from lims.shared import task_worker

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


if __name__ == "__main__":
    settings = config.load({"LIMS_DATA_DIR": sys.argv[1], "LIMS_DATABASE_URL": sys.argv[2], "LIMS_SECRET_KEY": "test"})
    task_worker.run_waiting(create_app(settings, clock_source=lambda: NOW))
