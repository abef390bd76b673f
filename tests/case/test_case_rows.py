"""Windows, counts, filters and orders of one case agree with one another."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.case import Case
from logonscope.case.view import ORDERS, Scope, View
from logonscope.columns import BOOT_COLUMNS, COVERAGE_COLUMNS, EVENT_COLUMNS, SESSION_COLUMNS, boot_lasted
from logonscope.errors import FilterError
from logonscope.filters.syntax import parse
from support.logs import two_boots, write_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logonscope.columns import Column
    from logonscope.filters.compile import Target
    from logonscope.model import Boot, CoverageMark, Event, Session

FILTERS = ("", "user:alice", "type:2", "event:4624,4625", "ip:10.0.0.0/8", "mallory or user:bob", "-is:person")
EVENT_KEYS: dict[str, Callable[[Event], Any]] = {
    "time": lambda event: event.time,
    "event": lambda event: event.event_id,
    "user": lambda event: event.account.name.lower(),
    "machine": lambda event: event.computer.lower(),
    "source": lambda event: event.source_ip,
    "record": lambda event: (event.source, event.record_id),
    "logon": lambda event: event.logon_id,
    "type": lambda event: event.logon_type,
    "what": lambda event: (event.provider, event.event_id),
}
SESSION_KEYS: dict[str, Callable[[Session], Any]] = {
    "start": lambda session: session.start,
    "end": lambda session: session.end,
    "duration": lambda session: session.duration_least,
    "user": lambda session: session.account.name.lower(),
    "machine": lambda session: session.machine,
    "type": lambda session: session.logon_type,
    "grade": lambda session: session.grade,
    "privileged": lambda session: session.privileged,
    "source": lambda session: session.source_ip,
    "how": lambda session: (session.role == "visit", session.end_evidence),
    "role": lambda session: session.logon_class if session.role == "session" else session.role,
    "tokens": lambda session: (len(session.logon_ids), session.attached),
    "records": lambda session: session.event_count,
    "boot": lambda session: session.boot,
}
BOOT_KEYS: dict[str, Callable[[Boot], Any]] = {
    "machine": lambda boot: (boot.machine.lower(), boot.number),
    "start": lambda boot: boot.start or datetime(1, 1, 1),
    "end": lambda boot: boot.end or boot.next_start or boot.last_record,
    "stays": lambda boot: boot.stays,
    "reused": lambda boot: len(boot.reused_ids),
    "number": lambda boot: boot.number,
    "known": lambda boot: boot.start_evidence,
    "how": lambda boot: boot.end_evidence,
    "duration": lambda boot: boot_lasted(boot)[0],
    "sessions": lambda boot: boot.sessions,
}
MARK_KEYS: dict[str, Callable[[CoverageMark], Any]] = {
    "machine": lambda mark: mark.machine.lower() or None,
    "channel": lambda mark: mark.channel.lower(),
    "kind": lambda mark: mark.kind,
    "since": lambda mark: mark.since,
    "until": lambda mark: mark.until,
    "amount": lambda mark: mark.amount,
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("case")
    write_machine(two_boots(), folder / "logs")
    with Case([folder / "logs"], work_parent=folder / "work") as case:
        case.load()
        yield case


def rows(case: Case, view: View) -> list[int]:
    window = case.window(view)
    return window.page(0, window.count)


def every(target: Target, text: str = "", **options: Any) -> View:
    return View(target, parse(text), scope=Scope.ALL, **options)


@pytest.mark.parametrize("text", FILTERS)
@pytest.mark.parametrize("target", ["event", "session"])
def test_count_and_every_order_agree(case: Case, target: Target, text: str) -> None:
    counted = case.count(every(target, text))
    expected = {*rows(case, every(target, text))}
    assert len(expected) == counted > 0
    for order in ORDERS[target]:
        for descending in (False, True):
            found = rows(case, every(target, text, order=order, descending=descending))
            assert len(found) == counted, order
            assert {*found} == expected, order


def assert_in_order(values: list[Any], *, descending: bool) -> None:
    """What has no value comes last, whichever the direction."""
    known = [value for value in values if value is not None]
    assert values[: len(known)] == sorted(known, reverse=descending)
    assert len({*known}) > 1 or len({*values}) == 1


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ORDERS["event"])
def test_events_come_in_the_order_asked_for(case: Case, order: str, descending: bool) -> None:
    events = case.events(rows(case, every("event", order=order, descending=descending)))
    assert_in_order([EVENT_KEYS[order](event) for event in events], descending=descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ORDERS["session"])
def test_sessions_come_in_the_order_asked_for(case: Case, order: str, descending: bool) -> None:
    sessions = case.sessions(rows(case, every("session", order=order, descending=descending)))
    assert_in_order([SESSION_KEYS[order](session) for session in sessions], descending=descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ORDERS["boot"])
def test_boots_come_in_the_order_asked_for(case: Case, order: str, descending: bool) -> None:
    boots = case.boots(rows(case, every("boot", order=order, descending=descending)))
    values = [BOOT_KEYS[order](boot) for boot in boots]
    assert values == sorted(values, reverse=descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ORDERS["coverage"])
def test_marks_come_in_the_order_asked_for(case: Case, order: str, descending: bool) -> None:
    marks = case.coverage(rows(case, every("coverage", order=order, descending=descending)))
    assert_in_order([MARK_KEYS[order](mark) for mark in marks], descending=descending)


@pytest.mark.parametrize(
    ("target", "columns"),
    [
        ("event", EVENT_COLUMNS),
        ("session", SESSION_COLUMNS),
        ("boot", BOOT_COLUMNS),
        ("coverage", COVERAGE_COLUMNS),
    ],
)
def test_every_column_can_be_sorted_by(target: Target, columns: tuple[Column[Any], ...]) -> None:
    assert {column.order for column in columns} <= set(ORDERS[target])


def test_the_usual_order_reversed_is_exactly_that(case: Case) -> None:
    assert rows(case, every("event", descending=True)) == rows(case, every("event"))[::-1]


def test_pages_are_slices_of_the_window(case: Case) -> None:
    window = case.window(every("event"))
    whole = window.page(0, window.count)
    assert window.page(10, 15) == whole[10:15]
    assert window.page(window.count - 2, window.count + 50) == whole[-2:]
    assert window.page(window.count, window.count + 5) == window.page(5, 2) == []
    assert [window.position(row) for row in whole[:5]] == [0, 1, 2, 3, 4]
    assert window.position(10**9) is None


def test_records_are_fetched_in_the_order_asked_for(case: Case) -> None:
    some = rows(case, every("event"))[7:2:-1]
    assert [event.row for event in case.events([*some, 10**9])] == some
    ids = rows(case, every("session"))[::-1]
    assert [session.session_id for session in case.sessions([*ids, 10**6])] == ids


def test_a_filter_keeps_the_order(case: Case) -> None:
    kept = {*rows(case, every("event", "user:alice"))}
    assert rows(case, every("event", "user:alice")) == [row for row in rows(case, every("event")) if row in kept]


@pytest.mark.parametrize("target", ["event", "session"])
def test_a_filter_and_its_opposite_part_the_rows(case: Case, target: Target) -> None:
    fits, others = (rows(case, every(target, text)) for text in ("user:bob", "-user:bob"))
    assert {*fits}.isdisjoint(others)
    assert len(fits) + len(others) == case.count(every(target))


@pytest.mark.parametrize("target", ["event", "session"])
def test_wrong_value_is_told_by_window_and_count(case: Case, target: Target) -> None:
    view = every(target, "user:bob type:nonsense")
    for ask in (case.window, case.count):
        with pytest.raises(FilterError) as caught:
            ask(view)
        assert (caught.value.start, caught.value.stop) == (14, 22)


@pytest.mark.parametrize("text", FILTERS)
def test_logon_type_counts_are_those_of_the_filter(case: Case, text: str) -> None:
    counts = case.logon_type_counts(every("event", text))
    assert {*range(14)} <= {*counts}
    base = f"({text})" if text else ""
    for logon_type, told in counts.items():
        counted = [case.count(every("event", f"{base} type:{logon_type} event:{event}")) for event in (4624, 4625)]
        assert [*told] == counted


def test_scopes_widen(case: Case) -> None:
    stays, visits, people, everything = ({*rows(case, View("session", scope=scope))} for scope in Scope)
    assert stays < people < everything
    assert stays < visits
    assert {row for row in visits if row >= 0} < people, "visits are rows of their own"


def test_a_filter_that_says_which_sessions_lifts_the_scope(case: Case) -> None:
    """A contact over the network is no stay, but asked for."""
    assert case.count(View("session", parse("type:3"))) == 1
    assert case.count(View("session", parse("type:3"), scope=Scope.PEOPLE)) == 1
    assert case.count(View("session", parse("user:bob ip:10.0.0.9"))) == 0
