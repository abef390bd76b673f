"""Who imports what: the core draws nothing, the screens parse nothing, the command line starts without the screens."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import logonscope
from logonscope.demo.evtx_writer import write_log

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(logonscope.__file__).parent
PROJECT = Path(__file__).parents[1]
SCREEN_MODULES = sorted((PACKAGE / "ui").rglob("*.py"))
PARSERS_AND_STORES = {"evtx", "Evtx", "duckdb", "lxml", "msgspec", "pyarrow"}
DRAWING = {"textual", "rich"}

_IMPORT_THE_CORE = """
import pkgutil, sys, logonscope
def walk(package):
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if found.name not in ("logonscope.ui", "logonscope.cli", "logonscope.__main__"):
            __import__(found.name)
            if found.ispkg:
                walk(sys.modules[found.name])
walk(logonscope)
print(*sorted({name.partition(".")[0] for name in sys.modules} | set(sys.modules)))
"""
_RUN_AND_LIST_MODULES = """
import sys
from logonscope.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run another interpreter, with its caches in a folder."""
    environment = os.environ | {"XDG_CACHE_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, cwd=folder, timeout=120
    )


def imported(path: Path) -> Iterator[str]:
    """Names of the packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_the_core_draws_nothing(tmp_path: Path) -> None:
    run = python(tmp_path, "-c", _IMPORT_THE_CORE)
    assert run.returncode == 0, run.stderr
    modules = set(run.stdout.split())
    assert {"logonscope.case.case", "logonscope.sessions.rebuild", "logonscope.export.triage", "duckdb"} <= modules
    assert modules & DRAWING == set()


@pytest.mark.parametrize("path", SCREEN_MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_screens_parse_nothing_and_query_nothing(path: Path) -> None:
    assert set(imported(path)) & PARSERS_AND_STORES == set()


def test_the_layers_hold(tmp_path: Path) -> None:
    contracts = Path(sys.executable).with_name("lint-imports")
    config = PROJECT / "pyproject.toml"
    run = python(tmp_path, str(contracts), "--config", str(config), "--no-cache")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["triage", "log.evtx"], ["sessions", "log.evtx"]])
def test_the_command_line_starts_without_the_screens(arguments: list[str], tmp_path: Path) -> None:
    write_log(tmp_path / "log.evtx", [])
    run = python(tmp_path, "-c", _RUN_AND_LIST_MODULES, *arguments)
    assert run.returncode == 0, run.stderr
    modules = set(run.stderr.split())
    assert "logonscope.cli" in modules
    assert modules & DRAWING == set()


def test_a_case_is_opened_without_numpy(tmp_path: Path) -> None:
    """Arrow would import it into the browser too, which costs the first rows a tenth of a second."""
    write_log(tmp_path / "log.evtx", [])
    script = f"import sys; sys.modules['numpy'] = None\n{_RUN_AND_LIST_MODULES}"
    run = python(tmp_path, "-c", script, "triage", "log.evtx")
    assert run.returncode == 0, run.stderr
    assert "pyarrow" in run.stderr.split()


def test_the_first_screen_is_drawn_before_parsers_and_stores_are_imported(tmp_path: Path) -> None:
    run = python(tmp_path, "-c", "import sys, logonscope.ui.app; print(*sys.modules)")
    assert run.returncode == 0, run.stderr
    modules = set(run.stdout.split())
    assert "logonscope.ui.screens.main" in modules
    assert modules & {"duckdb", "pyarrow", "evtx", "lxml", "logonscope.sessions.rebuild"} == set()
