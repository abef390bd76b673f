"""Filters with a name, and the last filters of a case: private files that a mistake in them does not bring down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from platformdirs import user_config_path

from logonscope.case.case import Case
from logonscope.case.case_file import CaseFile
from logonscope.case.presets import delete_preset, presets, save_preset
from logonscope.case.view import View
from logonscope.errors import FilterError, OutputError
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse

if TYPE_CHECKING:
    from pathlib import Path


def no_file() -> CaseFile:
    return CaseFile(())


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def own() -> dict[str, str]:
    return {preset.name: preset.text for preset in presets(no_file()).presets if preset.is_own}


def config() -> Path:
    return user_config_path("logonscope") / "filters.toml"


def test_every_shipped_filter_runs(tmp_path: Path) -> None:
    shipped = presets(no_file()).presets
    assert len(shipped) > 10
    with Case([], work_parent=tmp_path) as case:
        for preset in shipped:
            assert preset.fault == ""
            assert case.count(View("event", parse(preset.text))) == case.count(View("session", parse(preset.text))) == 0


def test_saved_replaced_and_deleted() -> None:
    hostile = "user:" + quoted("x\x1b[31m\x7f")
    save_preset("mine", hostile, no_file())
    save_preset('a "b" \\ = \x1b\x7f', "is:person", no_file())
    save_preset("mine", "type:10", no_file())
    assert own() == {"mine": "type:10", 'a "b" \\ = \\u{1b}\\u{7f}': "is:person"}
    save_preset("mine", hostile, no_file())
    assert own()["mine"] == hostile
    delete_preset("mine", no_file())
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
    found = presets(no_file())
    assert said in found.fault
    assert "filters.toml" in found.fault
    assert not any(preset.is_own for preset in found.presets)
    with pytest.raises(OutputError, match=r"filters\.toml"):
        save_preset("mine", "x", no_file())
    assert config().read_bytes() == content.encode("utf-8", "surrogateescape")


def test_a_filter_that_cannot_be_understood_is_told() -> None:
    config().parent.mkdir(parents=True)
    config().write_text('[filter]\nold = "usr:x"\n', "utf-8")
    assert presets(no_file()).presets[0].fault == "there is no field usr:"


def test_back_from_the_end_finds_nothing_before_the_end_is_known(tmp_path: Path) -> None:
    with Case([], work_parent=tmp_path) as case:
        view = View("event", parse("since:-2h"))
        assert case.count(view) == 0
        case.check(view)
        case.load()
        with pytest.raises(FilterError, match="is not a time"):
            case.check(view)


def test_whoever_gets_the_case_file_has_its_filters(tmp_path: Path) -> None:
    file = CaseFile([], tmp_path / "case.toml")
    save_preset("mine", "user:a", file)
    config().unlink()
    assert [(one.name, one.text) for one in presets(file).presets if one.is_own] == [("mine", "user:a")]
    assert own() == {}
    delete_preset("mine", file)
    assert not [one for one in presets(file).presets if one.is_own]
    (tmp_path / "case.toml").write_text("[filter]\nodd = 5\nfine = 'user:b'\n")
    assert [one.name for one in presets(file).presets if one.is_own] == ["fine"]
