"""While a filter is typed, fields, groups and values are offered; choosing one never gets in the way of typing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from browsing import SIZES, Browsing

from logonscope.case.case import Case
from logonscope.errors import QueryCancelledError
from logonscope.filters.syntax import MOST_CHARACTERS

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


def offered(browsing: Browsing) -> list[str]:
    return [offer.text for offer in browsing.main.filter_bar.offers.offers]


async def offers(browsing: Browsing, *texts: str) -> None:
    await browsing.until(lambda: offered(browsing)[: len(texts)] == list(texts), f"offers {texts}")


def typed(browsing: Browsing) -> str:
    return browsing.main.filter_bar.entry.value


@SIZES
async def test_fields_groups_and_values_are_offered(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, size=size, pane="events") as browsing:
        await browsing.press("slash")
        await browsing.type("us")
        await offers(browsing, "user:", "status:")
        await browsing.shows("  user:  a name")
        await browsing.press("tab")
        assert typed(browsing) == "user:"
        await browsing.until(lambda: "ALDER\\mallory" in offered(browsing), "the accounts")
        await browsing.shows("  ALDER\\mallory  ")
        line = next(line for line in browsing.lines if "  ALDER\\mallory  " in line)
        assert " 12" in line
        await browsing.type("mal")
        await offers(browsing, "ALDER\\mallory")
        await browsing.press("tab")
        assert typed(browsing) == "user:ALDER\\mallory"
        await browsing.shows("12 events would be shown: user ALDER\\mallory.")
        assert offered(browsing) == []
        await browsing.type(" is:fai")
        await browsing.until(lambda: offered(browsing) == ["failure"], "the group")
        await browsing.press("down", "enter")
        assert typed(browsing) == "user:ALDER\\mallory is:failure"
        assert browsing.main.filter_bar.is_editing
        await browsing.press("enter")
        await browsing.shows("12 events  ")
        assert browsing.main.shown.filter_text == "user:ALDER\\mallory is:failure"


async def test_values_are_counted_under_the_rest_of_the_filter(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.press("slash")
        await browsing.type("event:4625 type:")
        await browsing.until(lambda: offered(browsing) == ["3"], "the one type")
        assert browsing.main.filter_bar.offers.offers[0].count == 12
        await browsing.press("escape")
        await browsing.show_pane("sessions")
        await browsing.press("slash")
        await browsing.type("user:bob type:")
        await browsing.until(lambda: set(offered(browsing)) == {"10", "3"}, "the types of Bob's sessions")


async def test_down_marks_up_goes_back_and_escape_only_closes(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash", "tab")
        await offers(browsing, "user:", "type:", "event:")
        await browsing.press("down", "down")
        await browsing.shows("> type:")
        await browsing.press("up")
        await browsing.shows("> user:")
        await browsing.press("up")
        await browsing.hides("> user:")
        await browsing.press("down", "escape")
        assert browsing.main.filter_bar.is_editing
        await browsing.hides("a name, DOMAIN")
        await browsing.press("x")
        assert typed(browsing) == "x"
        await browsing.press("escape")
        assert not browsing.main.filter_bar.is_editing
        assert browsing.main.focused is browsing.table


async def test_the_last_of_many_offers_is_reached(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash", "tab")
        last = offered(browsing)[-1]
        await browsing.press(*["down"] * (len(offered(browsing)) + 2))
        await browsing.shows(f"> {last}")
        await browsing.press("tab")
        assert typed(browsing) == last


async def test_a_click_chooses(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash")
        await browsing.type("us")
        await browsing.shows("  user:  a name")
        await browsing.pilot.click(browsing.main.filter_bar.offers, offset=(3, 1))
        assert typed(browsing) == "status:"


async def test_nothing_is_offered_over_a_screen_of_a_few_lines(browse: Browse, week: Path) -> None:
    async with browse(week, size=(20, 5)) as browsing:
        await browsing.press("slash", "tab")
        await browsing.answers()
        assert typed(browsing) == ""
        assert browsing.lines[1].strip() == ""
        await browsing.pilot.resize_terminal(80, 24)
        await browsing.shows("  user:  a name")


async def test_a_name_that_does_not_occur_is_marked_with_the_nearest(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.press("slash")
        await browsing.type("event:4625 user:malory")
        await browsing.shows("0 events: user malory does not occur. Did you mean mallory?")
        assert browsing.lines[browsing.main.filter_bar.region.y + 1].index("^") == len("event:4625 user:")
        for text, near in (
            ("is:persn", "person"),
            ("usr:bob", "user:"),
            ("type:rpd", "rdp"),
            ("status:wrong_password", '"wrong password"'),
        ):
            await browsing.press("ctrl+u")
            await browsing.type(text)
            await browsing.shows(f"Did you mean {near}?")


async def test_a_value_that_holds_escape_codes_is_offered_and_survives_editing(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, pane="events") as browsing:
        await browsing.press("slash")
        await browsing.type("user:eve")
        await browsing.until(lambda: len(offered(browsing)) == 1, "the account")
        await browsing.press("tab")
        await browsing.shows("2 events would be shown")
        await browsing.press("home", "end", "left", "x", "backspace", "enter")
        await browsing.shows("2 events ")
        await browsing.press("slash", "enter")
        await browsing.answers()
        assert browsing.table.row_count == 2


async def test_a_megabyte_that_is_pasted_is_refused_in_words(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash")
        await browsing.type("user:bob")
        for text in ("x" * 1_000_000, '("' * 500_000, "\x1b\u202e" * 500_000, "a\n" * 500_000):
            await browsing.type(text)
            await browsing.shows("Nothing was pasted: a filter has at most 20,000 characters, and this")
            assert typed(browsing) == "user:bob"
        await browsing.press("x", "backspace")
        await browsing.shows("1 session would be shown")


async def test_a_filter_of_the_greatest_length_is_edited(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash")
        await browsing.type("user:" + ",".join(["bob"] * 4_000))
        await browsing.shows("1 session would be shown")
        assert len(typed(browsing)) > MOST_CHARACTERS * 0.75
        await browsing.press("enter")
        await browsing.shows("1 stay")


async def test_lines_that_are_pasted_become_values_or_words(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.press("slash")
        await browsing.type("ip:")
        await browsing.type("10.0.0.9\r\n\r\n203.0.113.7\r\n")
        assert typed(browsing) == "ip:10.0.0.9,203.0.113.7"
        await browsing.press("ctrl+u")
        await browsing.type("one\ttwo\nthree")
        assert typed(browsing) == "one two three"


async def test_nonsense_is_answered_in_words(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash")
        for text, said in (
            (":", '3 sessions would be shown: with ":" in it'),
            ('user:"bob', "the closing quote is missing"),
            ('"', "the closing quote is missing"),
            ("user:", "needs a value"),
            ("((((", "a term is missing here"),
            ("user:/(/", "wrong regular expression"),
            ("ip:1/2/3", "is not a network"),
        ):
            await browsing.press("ctrl+u")
            await browsing.type(text)
            await browsing.shows(said)
        await browsing.press("enter")
        await browsing.shows("is not a network")
        assert browsing.main.filter_bar.is_editing


async def test_a_pattern_that_would_hang_elsewhere_holds_up_no_key(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.hold("/^(a|a)*$/ or user:/^(([a-z])+.)+[A-Z]([a-z])+$/")
        await browsing.press("slash", "escape")
        assert browsing.main.focused is browsing.table


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_what_is_counted_while_typing_ends_with_the_typing(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    go_on = threading.Event()

    def held(*_: Any, **__: Any) -> Any:
        go_on.wait(60)
        raise QueryCancelledError("too late")

    monkeypatch.setattr(Case, "value_counts", held)
    monkeypatch.setattr(Case, "count", held)
    async with browse(week, pane="events") as browsing:
        await browsing.press("slash")
        await browsing.type("user:mal*")
        questions = browsing.main.questions
        await browsing.until(lambda: questions.is_waiting("offers") and questions.is_waiting("typed-count"), "counts")
        await browsing.press(key)
        await browsing.until(lambda: not browsing.main.filter_bar.is_editing, "the end of typing")
        assert not questions.is_waiting("offers")
        assert not questions.is_waiting("typed-count")
        go_on.set()
