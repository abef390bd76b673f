"""A search finds what the list says, in the whole list, and agrees with what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.case import Case
from logonscope.case.search import drawn_positions, needles
from logonscope.case.view import Scope, View
from logonscope.columns import EVENT_COLUMNS, SESSION_COLUMNS
from logonscope.filters.syntax import parse
from support.logs import two_boots, write_machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logonscope.columns import Column


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("case")
    write_machine(two_boots(), folder / "logs")
    with Case([folder / "logs"], work_parent=folder / "work") as case:
        case.load()
        yield case


def texts(columns: Sequence[Column[Any]], items: list[Any]) -> list[str]:
    return [" ".join(column.text(item) for column in columns) for item in items]


IN_EVENTS = ["alice", "ALICE", "logged on", "shutdown", "CONSOLE", "started", "2026-03-02 0", "signed out"]
IN_SESSIONS = ["alice", "ALICE", "shutdown", "CONSOLE", "2026-03-02 0", "stay"]


@pytest.mark.parametrize("word", IN_EVENTS)
def test_whatever_is_drawn_of_an_event_is_found(case: Case, word: str) -> None:
    view = View("event", order="machine")
    window = case.window(view)
    drawn = texts(EVENT_COLUMNS, case.events(window.page(0, window.count)))
    node = parse(f'"{word}"')
    expected = drawn_positions(node, drawn, lambda _: ())
    assert expected
    assert expected <= set(case.search(window, view, node))


@pytest.mark.parametrize("word", IN_SESSIONS)
def test_what_is_drawn_of_a_session_is_found(case: Case, word: str) -> None:
    view = View("session", scope=Scope.ALL)
    window = case.window(view)
    drawn = texts(SESSION_COLUMNS, case.sessions(window.page(0, window.count)))
    node = parse(f'"{word}"')
    found = set(case.search(window, view, node))
    expected = drawn_positions(node, drawn, lambda _: ())
    assert expected
    assert expected <= found
    assert len(found) < window.count


def test_a_search_takes_the_language_of_the_filters(case: Case) -> None:
    view = View("event")
    window = case.window(view)
    hits = case.search(window, view, parse("event:4624 or event:4634"))
    kinds = [event.event_id in (4624, 4634) for event in case.events(window.page(0, window.count))]
    assert list(hits) == [position for position, fits in enumerate(kinds) if fits]
    others = case.search(window, view, parse("not (event:4624 or event:4634)"))
    assert sorted([*hits, *others]) == list(range(window.count))


def test_hits_are_inside_the_list_only(case: Case) -> None:
    view = View("event", parse("event:4624"))
    window = case.window(view)
    assert set(case.search(window, view, parse("event:4634"))) == set()
    assert len(case.search(window, view, parse("event:4624"))) == window.count


def test_numbers_and_ids(case: Case) -> None:
    view = View("event")
    window = case.window(view)
    events = case.events(window.page(0, window.count))
    logon_id = next(event.logon_id for event in events if event.event_id == 4624 and event.logon_id != 999)
    hits = set(case.search(window, view, parse(f"{logon_id:#x}")))
    assert {position for position, event in enumerate(events) if event.logon_id == logon_id} <= hits
    assert {position for position, event in enumerate(events) if event.event_id == 4634} <= set(
        case.search(window, view, parse("4634"))
    )


def test_going_from_hit_to_hit(case: Case) -> None:
    hits = case.window(View("event")).at([7, 2, 5])
    assert (list(hits), len(hits), 5 in hits, 6 in hits, "x" in [*hits]) == ([2, 5, 7], 3, True, False, False)
    assert [hits.after(position) for position in (-1, 2, 6, 7, 9)] == [2, 5, 7, 2, 2]
    assert [hits.before(position) for position in (9, 7, 2, 0)] == [7, 5, 7, 7]
    assert [hits.rank(position) for position in (1, 2, 7)] == [0, 1, 3]
    nothing = case.window(View("event")).at([])
    assert (nothing.after(3), nothing.before(3)) == (None, None)


def test_what_is_marked() -> None:
    assert needles(parse('alice "10 RDP" -bob user:carol (dave or eve)')) == ("alice", "10 RDP", "dave", "eve")
