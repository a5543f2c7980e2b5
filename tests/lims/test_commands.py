"""The commands as somebody types them: real processes, exit statuses, one message per fault."""
from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMS = [sys.executable, "-c", "from lims.cli import main; main()"]


def lims(*arguments: str, data_dir: Path | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = _without_settings()
    if data_dir is not None:
        environment["LIMS_DATA_DIR"] = str(data_dir)
    return subprocess.run([*LIMS, *arguments], cwd=ROOT, env=environment, input=given, capture_output=True, text=True,
                          timeout=120, check=False)


def _without_settings() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("LIMS_")}


BUDGET = {"budget": 1, "model": "a + b", "inputs": {"a": {"value": 1, "standard_uncertainty": 0.3},
                                                    "b": {"value": 2, "standard_uncertainty": 0.4}}}


def test_a_budget_comes_from_standard_input_as_json() -> None:
    done = lims("calc", "budget", "-", "--json", given=json.dumps(BUDGET))
    result = json.loads(done.stdout)
    assert done.returncode == 0
    assert result["value"] == 3
    assert result["standard_uncertainty"] == pytest.approx(0.5)


def test_a_budget_is_readable_without_json() -> None:
    done = lims("calc", "budget", "-", given=json.dumps(BUDGET))
    assert done.returncode == 0
    assert "a" in done.stdout


@pytest.mark.parametrize(("text", "where"), [
    ('{"budget": 1, "model": "a", "inputs": {"a": {"value": 1, "half_width": -1}}}', "inputs.a.half_width"),
    ('{"budget": 1, "model": "a", "inputs": {"a": {"value": NaN}}}', ""),
    ("not json", ""),
    ('{"budget": 1, "model": "__import__(\'os\')", "inputs": {}}', "model"),
])
def test_wrong_input_ends_with_status_2_and_says_where(text: str, where: str) -> None:
    done = lims("calc", "budget", "-", "--json", given=text)
    assert done.returncode == 2
    assert done.stdout == ""
    assert where in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_ends_with_status_2() -> None:
    done = lims("calc", "budget", "no-such-file.json")
    assert done.returncode == 2
    assert "no-such-file.json" in done.stderr


def test_a_command_without_a_schema_says_what_to_do(tmp_path: Path) -> None:
    done = lims("recall", data_dir=tmp_path)
    assert done.returncode == 2
    assert "lims db upgrade" in done.stderr


def test_the_first_administrator_is_created_from_the_command_line(tmp_path: Path) -> None:
    lims("db", "upgrade", data_dir=tmp_path)
    arguments = ("user", "create", "--role", "administrator", "--username", "quantri", "--email", "q@example.test",
                 "--name", "Lê Văn An", "--password")
    assert lims(*arguments, "ngan", data_dir=tmp_path).returncode == 2
    assert lims(*arguments, "mot-cau-dai-de-nho", data_dir=tmp_path).returncode == 0
    assert "Lê Văn An" in lims("user", "list", data_dir=tmp_path).stdout


def test_plain_http_is_refused_on_another_address(tmp_path: Path) -> None:
    done = lims("serve", "--host", "0.0.0.0", data_dir=tmp_path)
    assert done.returncode == 2
    assert "--insecure-http" in done.stderr


@pytest.fixture
def https_server(tmp_path: Path) -> Iterator[tuple[int, Path, int]]:
    """`lims serve` over HTTPS with the laboratory's own CA: (port, CA certificate, process)."""
    made = lims("tls", "init", "localhost", "127.0.0.1", "--out", str(tmp_path / "tls"))
    assert made.returncode == 0, made.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*LIMS, "serve", "--port", str(port), "--workers", "1", "--tls-cert", str(tmp_path / "tls/server.pem"),
         "--tls-key", str(tmp_path / "tls/server.key")],
        cwd=ROOT, env=_without_settings() | {"LIMS_DATA_DIR": str(tmp_path / "data")}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if "https://127.0.0.1:" in line and "Ctrl+C" in line:  # said when it answers, not before
                break
        else:
            pytest.fail(f"the server ended: {''.join(said)}")
        yield port, tmp_path / "tls/ca.pem", process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def test_the_server_speaks_https_with_the_laboratory_s_own_authority(https_server: tuple[int, Path, int]) -> None:
    """And it ends when told, though one of its processes no longer hears (the fixture waits for it)."""
    port, ca, server = https_server
    context = ssl.create_default_context(cafile=str(ca))
    with urllib.request.urlopen(f"https://localhost:{port}/healthz", context=context, timeout=20) as answer:
        assert json.load(answer) == {"status": "ok"}
    assert (ca.parent / "ca.key").stat().st_mode & 0o077 == 0
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        os.kill(int(child), signal.SIGSTOP)
