"""The logs that the screens are tested on, written once, and a browser on a case that is loaded once."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest
from browsing import loaded
from ui_logs import week_records, write_damaged, write_hostile, write_office, write_week

from logonscope.case.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from browsing import Browse, Browsing

    from logonscope.model import LoadProgress


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of one machine, in several channels."""
    return write_week(tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="session")
def records() -> int:
    """How many records these have."""
    return week_records()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three machines and who went from one to another."""
    return write_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One log with a broken record and a broken chunk."""
    return write_damaged(tmp_path_factory.mktemp("damaged"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One log in which an attacker chose every text that can be chosen."""
    return write_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(autouse=True)
def garbage_is_found_again() -> Iterator[None]:
    """What an app left out of the search for garbage is garbage when its test ends."""
    usual = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)


class LoadedCase:
    """A case that was loaded for an earlier test and stays open for later ones."""

    def __init__(self, path: Path, store: Path) -> None:
        self.case = Case([path], work_parent=store)
        self._progress: list[LoadProgress] = []
        self.case.load(report=self._progress.append)

    def load(self, report: Callable[[LoadProgress], None], **_: object) -> None:
        report(self._progress[-1])

    def close(self) -> None:
        """The app closes its case; this one is not the app's."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.case, name)


@pytest.fixture(scope="session")
def loaded_cases() -> Iterator[dict[Path, LoadedCase]]:
    """Cases that are loaded, by path."""
    cases: dict[Path, LoadedCase] = {}
    yield cases
    for case in cases.values():
        case.case.close()


@pytest.fixture
def case_of(
    loaded_cases: dict[Path, LoadedCase], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], LoadedCase]:
    """Gives the case of a path, loaded once for all tests."""

    def load(path: Path) -> LoadedCase:
        if path not in loaded_cases:
            loaded_cases[path] = LoadedCase(path, tmp_path_factory.mktemp("store"))
        return loaded_cases[path]

    return load


@pytest.fixture
def browse(case_of: Callable[[Path], LoadedCase], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browse:
    """Opens the browser on a loaded case."""

    def open_browser(path: Path, **shown: Any) -> AbstractAsyncContextManager[Browsing]:
        case = case_of(path)
        monkeypatch.setattr("logonscope.case.case.Case", lambda *_: case)
        return loaded(path, store=tmp_path, **shown)

    return open_browser


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written into the folders of the user who runs the tests."""
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
