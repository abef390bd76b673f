"""Keys and theme come from the user's file; what makes no sense there is told with its line, and the rest holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.config import config_file, parse_config, read_config
from logonscope.ui.commands import COMMANDS
from logonscope.ui.keys import MOVES, key_name, printed_key
from logonscope.ui.screens.help import help_text
from logonscope.ui.settings import Settings, load_settings, settings_from, settings_text
from logonscope.ui.themes import OWN_THEMES, THEMES, next_theme, theme_for
from support.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


def read(text: str) -> Settings:
    return settings_from(*parse_config(text))


def keys(settings: Settings, name: str) -> tuple[str, ...]:
    return next(one.keys for one in (*settings.commands, *settings.moves) if one.id == name)


def problems(settings: Settings) -> list[str]:
    return [str(problem) for problem in settings.problems]


def test_no_file_means_the_usual_settings(tmp_path: Path) -> None:
    assert read_config(tmp_path / "none.toml") == ([], [])
    assert read("") == Settings()


@pytest.mark.parametrize(
    "text",
    [
        '[keys]\nfilter.clear = "f5 ctrl+e"',
        '[keys]\n"filter.clear" = ["f5", "Ctrl+e"]',
        "[keys.filter]\nclear = 'F5 ^E'",
    ],
    ids=["dotted", "list", "table"],
)
def test_keys_are_chosen(text: str) -> None:
    settings = read(text)
    assert keys(settings, "filter.clear") == ("f5", "ctrl+e")
    assert problems(settings) == []
    assert settings.key("filter.clear") == "f5"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("/", "slash"), ("?", "question_mark"), ("O", "O"), ("Enter", "enter"), ("PgDn", "pagedown"), ("^p", "ctrl+p"),
        ("+", "plus"), ("ctrl++", "ctrl+plus"), ("shift+up", "shift+up"), ("Esc", "escape"), ("f12", "f12"),
        ("hyper+x", None), ("entr", None), ("", None), (" ", None), ("\x1b", None),
    ],
)  # fmt: skip
def test_names_of_keys(typed: str, name: str | None) -> None:
    assert key_name(typed) == name


@pytest.mark.parametrize("key", [key for one in (*COMMANDS, *MOVES) for key in one.keys])
def test_a_printed_key_can_be_written_into_the_file(key: str) -> None:
    assert key_name(key) == key
    assert key_name(printed_key(key)) in (key, None) or len(printed_key(key)) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[keys]\n\nfilter.claer = "f5"', "line 3: there is no action filter.claer; did you mean filter.clear?"),
        ('[keys]\ncopy = "entr"', "line 2: there is no key entr; did you mean enter?"),
        ("[keys]\ncopy = 5", "line 2: the keys of copy must be a text or a list of texts"),
        ('[theme]\nname = "drak"', "line 2: there is no theme drak; did you mean dark?"),
        ("[theme]\nname = 5", f"line 2: there is no theme 5; there are {', '.join(THEMES)}"),
        ('[theme]\ncolour = "dark"', "line 2: [theme] colour is not a setting"),
        ('[kes]\ncopy = "f5"', "line 2: [kes] copy is not a setting; did you mean keys?"),
        ("themes = 5", "line 1: themes is not a setting; did you mean theme?"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_line(text: str, problem: str) -> None:
    settings = read(f'{text}\n\n[keys.order]\nnext = "f6"')
    assert problem in problems(settings)
    assert keys(settings, "order.next") == ("f6",)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[keys]\ncopy = "f5"\nhelp = "f1\nquit = "f10"', 3),
        ("[keys\ncopy = 5", 1),
        ('[keys]\ncopy = "f5"\ncopy = "f6"', 3),
        ("[keys]\ncopy = [", 2),
        ("\x00", 1),
    ],
    ids=["quote", "head", "twice", "open list", "control"],
)
def test_broken_toml_costs_its_line(text: str, line: int) -> None:
    entries, found = parse_config(text)
    assert found[0].line == line
    assert [entry.line for entry in entries if entry.name == "copy"] in ([2], [])


def test_a_clash_between_two_choices_is_told_and_the_first_keeps_the_key() -> None:
    settings = read('[keys]\ncopy = "f5"\nhelp = "f5 f1"')
    assert problems(settings) == ["line 3: clash: f5 does copy already, so it does not do help"]
    assert (keys(settings, "copy"), keys(settings, "help")) == (("f5",), ("f1",))


def test_a_choice_takes_a_key_from_what_had_it_by_default() -> None:
    settings = read('[keys]\ncopy = "c"\nquit = "k"')
    assert problems(settings) == [
        "clash: c does copy now; filter.clear is in the palette only",
        "clash: k does quit now; list.up has ↑",
    ]
    assert settings.key("filter.clear") == "the palette"


def test_one_key_may_do_two_things_in_different_panes() -> None:
    settings = read('[keys]\n"goto.session" = "f5"\nevidence = "f5"')
    assert problems(settings) == []


@pytest.mark.parametrize("content", [b"\xff\xfe", b"#" * 1_000_001], ids=["encoding", "size"])
def test_a_file_that_is_no_settings_file(content: bytes) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_bytes(content)
    settings = load_settings()
    assert (settings.commands, len(settings.problems)) == (COMMANDS, 1)


def test_the_settings_in_force_can_be_read_again() -> None:
    chosen = read('[theme]\nname = "light"\n[keys]\ncopy = "f5"\nfilter.clear = ""')
    again = read(settings_text(chosen))
    assert again == chosen
    assert (again.theme, keys(again, "copy"), keys(again, "filter.clear")) == ("light", ("f5",), ())


def test_the_config_command(tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    assert run("config").code == 0
    config_file().parent.mkdir(parents=True)
    config_file().write_text('[keys]\ncopy = "f5"\nhelpp = "f1"\n')
    finished = run("config")
    assert finished.code == 1
    assert finished.lines[0] == f"# {config_file()}"
    assert "# does not hold: line 3: there is no action helpp; did you mean help?" in finished.lines
    assert any(line.startswith('"copy" = "f5"') for line in finished.lines)


def test_a_hostile_settings_file_is_printed_harmlessly(tmp_path: Path) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text('[keys]\n"\\u001b[31m" = "\\u202e"\n')
    assert "\x1b" not in CommandLine(tmp_path)("config").out


async def test_chosen_keys_work_and_are_named_everywhere(browse: Browse, week: Path) -> None:
    settings = read('[keys]\ndetail = "f5"\nscope = "f6"\nlist.down = "J"\nfilter.clear = ""')
    async with browse(week, settings=settings) as browsing:
        await browsing.shows("3 stays", "f5 Detail", "others hidden (f6)")
        await browsing.press("J", "J")
        assert browsing.table.cursor == 2
        await browsing.press("j", "d")
        assert (browsing.table.cursor, browsing.main.detail.display) == (2, False)
        await browsing.press("f5")
        assert browsing.main.detail.display
        await browsing.press("f6")
        await browsing.shows("stays and visits (f6")
        await browsing.press("question_mark")
        await browsing.shows("Help")
    lines = help_text(settings, "sessions").plain.splitlines()
    assert any(line.split()[:1] == ["f6"] for line in lines)
    assert any(line.split()[:1] == ["(palette)"] and "Remove the filter" in line for line in lines)


async def test_problems_of_the_settings_are_told_at_the_start(browse: Browse, week: Path) -> None:
    settings = read('[keys]\nhelpp = "[red]f1"')
    async with browse(week, settings=settings) as browsing:
        await browsing.shows("1 setting does not hold", "there is no action helpp")


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_has_one_for_few_colours(name: str) -> None:
    assert theme_for("standard", name) in ("ansi-dark", "ansi-light")
    assert theme_for("truecolor", name) in {"textual-dark", "textual-light", "ansi-dark", "ansi-light"} | {
        theme.name for theme in OWN_THEMES
    }


async def test_the_next_theme(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        name, seen = browsing.app._theme_name, []
        for _ in THEMES:
            browsing.app.action_next_theme()
            await browsing.pilot.pause(0)
            seen.append(browsing.app.theme)
            name = next_theme(name)
        assert (browsing.app._theme_name, name) == ("auto", "auto")
        assert set(seen) == {"ansi-dark", "ansi-light"}, "the terminal of a test has 16 colours"


async def test_a_state_has_a_symbol_of_its_own(browse: Browse, office: Path) -> None:
    async with browse(office, pane="boots") as browsing:
        await browsing.shows("crash")
        marked = [line[:2] for line in browsing.lines if "crash" in line]
        assert marked == [" ^"]


async def test_a_refusal_has_a_symbol_of_its_own(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", filter_text="event:4625") as browsing:
        await browsing.shows("12 events")
        assert [line[1] for line in browsing.lines if "mallory" in line] == ["!"] * 12


def test_thresholds_of_the_rules() -> None:
    settings = read('[findings.D1]\nattempts = 20\nminuts = 1\n[theme]\nname = "dark"\n[finding]\nx = 1')
    assert settings.thresholds == {"D1": {"attempts": 20}}
    assert problems(settings) == [
        "line 7: [finding] x is not a setting; did you mean findings?",
        "line 3: D1 has no threshold minuts. Did you mean minutes?",
    ]
    printed = settings_text(settings)
    assert "[findings.D1]  # Many refused logons\nattempts = 20\nminutes = 5\n" in printed
    again = settings_from(*parse_config(printed))
    assert again.thresholds["D1"]["attempts"] == 20
    assert again.problems == ()
