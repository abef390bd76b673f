"""What the code never calls, and what it is built on."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import logonscope

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(logonscope.__file__).parent
PROJECT = Path(__file__).parents[2]
MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve", "yaml", "subprocess", "pty", "socket", "ssl", "http",
           "urllib.request", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "ctypes"}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.startfile", "os.execv", "os.spawnv",
         "os.posix_spawn", "asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"}  # fmt: skip

IMPORTED_AS = {"python-dateutil": "dateutil", "backports.zstd": "backports"}
"""Where that is not the name of the package."""


def forbidden(code: str) -> Iterator[str]:
    """What of it stands in some code."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call):
            names = [ast.unparse(node.func)]
            if any(keyword.arg == "shell" for keyword in node.keywords):
                yield "shell="
        else:
            continue
        yield from (name for name in names if name in CALLS or not MODULES.isdisjoint((name, name.partition(".")[0])))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import pickle", "pickle"),
        ("from os import system", "os.system"),
        ("import yaml.loader as l", "yaml.loader"),
        ("eval('1')", "eval"),
        ("run('x', shell=True)", "shell="),
        ("from urllib.request import urlopen", "urllib.request"),
    ],
)
def test_it_would_be_found(code: str, found: str) -> None:
    assert found in list(forbidden(code))


def test_no_pickle_eval_shell_network_or_other_program_in_the_code() -> None:
    """The processes of ``ahead/`` and their parent pickle what they tell each other, by ``multiprocessing``'s pipes."""
    found = {
        str(path.relative_to(PACKAGE)): names
        for path in PACKAGE.rglob("*.py")
        if (names := sorted(set(forbidden(path.read_text("utf-8")))))
    }
    assert found == {}


def dependencies() -> list[str]:
    """The packages that the program is installed with."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    return [re.split(r"[<>=;\s]", line)[0] for line in project["dependencies"]]


def test_each_dependency_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    imported = {name.partition(".")[0] for name in re.findall(r"^\s*(?:from|import) ([\w.]+)", code, re.MULTILINE)}
    assert [name for name in dependencies() if IMPORTED_AS.get(name, name) not in imported] == []


def test_why_each_dependency_is_there() -> None:
    wanted = dependencies()
    table = re.findall(r"^\| ([a-z0-9.-]+) \| [a-z]", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [name for name in table if name in wanted] == sorted(wanted)
