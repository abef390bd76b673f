"""Filters with a name, and the last filters of a case: private files that a mistake in them does not bring down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from platformdirs import user_config_path, user_state_path

from logonscope.case.case import Case
from logonscope.case.presets import delete_preset, presets, save_preset
from logonscope.case.remembered import Remembered, recall, remember
from logonscope.case.view import View
from logonscope.errors import FilterError, OutputError
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def own() -> dict[str, str]:
    return {preset.name: preset.text for preset in presets().presets if preset.is_own}


def config() -> Path:
    return user_config_path("logonscope") / "filters.toml"


def test_every_shipped_filter_runs(tmp_path: Path) -> None:
    shipped = presets().presets
    assert len(shipped) > 10
    with Case([], work_parent=tmp_path) as case:
        for preset in shipped:
            assert preset.fault == ""
            assert case.count(View("event", parse(preset.text))) == case.count(View("session", parse(preset.text))) == 0


def test_saved_replaced_and_deleted() -> None:
    hostile = "user:" + quoted("x\x1b[31m\x7f")
    save_preset("mine", hostile)
    save_preset('a "b" \\ = \x1b\x7f', "is:person")
    save_preset("mine", "type:10")
    assert own() == {"mine": "type:10", 'a "b" \\ = \\u{1b}\\u{7f}': "is:person"}
    save_preset("mine", hostile)
    assert own()["mine"] == hostile
    delete_preset("mine")
    assert "mine" not in own()
    assert config().stat().st_mode & 0o777 == 0o600
    assert [path.name for path in config().parent.iterdir()] == ["filters.toml"]


@pytest.mark.parametrize(
    ("content", "said"),
    [("[filter]\na = 'x'\nb = \n", "line 3"), ("[filter]\na = 3\n", "a"), ("[other]\n", "other"), ("\udcff", "utf-8")],
)
def test_a_broken_file_is_named_and_left_alone(content: str, said: str) -> None:
    config().parent.mkdir(parents=True)
    config().write_bytes(content.encode("utf-8", "surrogateescape"))
    found = presets()
    assert said in found.fault
    assert "filters.toml" in found.fault
    assert not any(preset.is_own for preset in found.presets)
    with pytest.raises(OutputError, match=r"filters\.toml"):
        save_preset("mine", "x")
    assert config().read_bytes() == content.encode("utf-8", "surrogateescape")


def test_a_filter_that_cannot_be_understood_is_told() -> None:
    config().parent.mkdir(parents=True)
    config().write_text('[filter]\nold = "usr:x"\n', "utf-8")
    assert presets().presets[0].fault == "there is no field usr:"


def test_a_case_is_known_again_by_its_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Remembered("user:a", ((0, "type:2"),), ("one", "two"))
    monkeypatch.chdir(tmp_path)
    remember([Path("a.evtx"), Path("b.evtx")], shown)
    assert recall([tmp_path / "b.evtx", tmp_path / "a.evtx"]) == shown
    assert recall([tmp_path / "a.evtx"]) == Remembered()
    written = user_state_path("logonscope") / "cases.json"
    assert written.stat().st_mode & 0o777 == 0o600
    assert "a.evtx" not in written.read_text("utf-8")


def test_cases_and_filters_are_bounded_in_number(tmp_path: Path) -> None:
    for number in range(205):
        remember([tmp_path / str(number)], Remembered(f"w{number}", typed=tuple(map(str, range(30)))))
    assert recall([tmp_path / "0"]) == recall([tmp_path / "4"]) == Remembered()
    assert recall([tmp_path / "5"]).filter == "w5"
    assert recall([tmp_path / "204"]).typed == tuple(map(str, range(10, 30)))
    remember([tmp_path / "204"], Remembered("x" * 50_000))
    assert recall([tmp_path / "204"]) == Remembered()


def test_programs_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: remember([tmp_path / str(number)], Remembered(f"w{number}")), range(40)))
    assert [recall([tmp_path / str(number)]).filter for number in range(40)] == [f"w{number}" for number in range(40)]


@pytest.mark.parametrize("content", ["", "{", '{"a": 3}', "[]", "\x00"])
def test_a_broken_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    path = user_state_path("logonscope") / "cases.json"
    path.parent.mkdir(parents=True)
    path.write_text(content, "utf-8")
    assert recall([tmp_path]) == Remembered()
    remember([tmp_path], Remembered("x"))
    assert recall([tmp_path]).filter == "x"


def test_back_from_the_end_finds_nothing_before_the_end_is_known(tmp_path: Path) -> None:
    with Case([], work_parent=tmp_path) as case:
        view = View("event", parse("since:-2h"))
        assert case.count(view) == 0
        case.check(view)
        case.load()
        with pytest.raises(FilterError, match="is not a time"):
            case.check(view)
