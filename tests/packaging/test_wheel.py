"""What is built installs and works without the source tree, with all its files of data."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("build")
pytest.importorskip("hatchling")

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "tui" / "logonscope"
_STUCK_SECONDS = 300


def run(*arguments: object, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_STATE_HOME": str(folder / "state")}
    done = subprocess.run(
        list(map(str, arguments)), capture_output=True, text=True, cwd=folder, env=environment, timeout=_STUCK_SECONDS
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source archive, and a wheel built of that."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, PROJECT],
        capture_output=True,
        timeout=_STUCK_SECONDS,
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def python(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the wheel, and with the libraries that the tests run with."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=_STUCK_SECONDS)
    python = folder / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel]
    subprocess.run(list(map(str, install)), check=True, timeout=_STUCK_SECONDS)
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    site = next((folder / "lib").glob("python*")) / "site-packages"
    (site / "libraries.pth").write_text("\n".join(sorted(paths)) + "\n")
    return python


def test_all_files_are_in_it(built: Path) -> None:
    wanted = {
        str(path.relative_to(PACKAGE.parent))
        for path in PACKAGE.rglob("*")
        if path.suffix in (".py", ".toml", ".sql", ".tcss")
    }
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert wanted <= {*archive.namelist()}
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"tui/{name}" for name in wanted} | {"README.md", "LICENSE", "tui/COLUMNS.md"} <= names


def test_it_is_the_installed_one_that_runs(python: Path, tmp_path: Path) -> None:
    place = run(python, "-c", "import logonscope; print(logonscope.__file__)", folder=tmp_path)
    assert place.startswith(str(python.parents[1]))


def test_the_demo_triage(python: Path, tmp_path: Path) -> None:
    program = python.with_name("logonscope")
    told = run(program, "demo", folder=tmp_path)
    assert told.splitlines()[0] == "Read"
    assert "support" in told
    (logs,) = (tmp_path / "cache" / "logonscope").glob("demo-*")
    run(program, "export", logs, "--what", "sessions", "-o", tmp_path / "stays.parquet", folder=tmp_path)
    assert (tmp_path / "stays.parquet").stat().st_size > 1000
