"""``import logonscope``: cheap, and what the README shows of it works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import logonscope
from logonscope.errors import FilterError, SourceError
from support.logs import two_boot_logs

logs = two_boot_logs
README = Path(__file__).parents[1] / "README.md"


def test_it_imports_nothing_heavy() -> None:
    code = "import sys, logonscope; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"duckdb", "pyarrow", "textual", "rich", "click", "msgspec", "evtx"} & {*done.stdout.split()}


def test_what_the_readme_shows(logs: Path, tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    (tmp_path / "Logs").symlink_to(logs)
    done = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-03-02T08:00:00.000000Z" in done.stdout
    assert (tmp_path / "failures.parquet").exists()


def test_lists_are_arrow(logs: Path) -> None:
    with logonscope.open_case(logs) as case:
        sessions = case.sessions("user:alice")
        assert len(sessions) == sessions.arrow().num_rows == sum(batch.num_rows for batch in sessions.batches()) == 1
        assert sessions.arrow().column("user").to_pylist() == ["alice"]
        assert [column.name for column in sessions.columns] == sessions.arrow().column_names
        assert {"Security.evtx", "System.evtx"} <= {source.path.name for source in case.files}
        assert list(case.problems) == []
        with pytest.raises(FilterError, match="there is no field usr"):
            case.events("usr:alice")
        with pytest.raises(KeyError):
            case.list("nothing")


def test_nothing_readable(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        logonscope.open_case(tmp_path / "missing")
