"""Starts and stops that the System log adds to the boots of the Security log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.sessions.boots import Epoch
from logonscope.sessions.system_boots import SystemMark, SystemStart, with_system_ends, with_system_starts
from support.small_logs import at

if TYPE_CHECKING:
    from collections.abc import Sequence

SPAN = (at(0), at(600))
"""Eight in the morning to six in the evening."""


def epoch(number: int, minutes: float | None, position: int | None = None, **changes: Any) -> Epoch:
    """A boot that the Security log shows by 4608; without minutes the one that it begins in."""
    place = number * 100 if position is None else position
    start, evidence = (None, "before-log") if minutes is None else (at(minutes), "4608")
    return Epoch(number, place, start, evidence, None, None, **changes)


def start(minutes: float) -> SystemStart:
    return SystemStart(at(minutes), int(1000 + minutes))


def with_starts(
    epochs: list[Epoch],
    *starts: SystemStart,
    span: tuple[datetime, datetime] | None = SPAN,
    begins_before: bool = True,
    holes: dict[datetime, tuple[int, int]] | None = None,
) -> list[Epoch]:
    return with_system_starts(epochs, span, starts, begins_before, (holes or {}).get)


def told(epochs: Sequence[Epoch]) -> list[tuple[int, datetime | None, str]]:
    return [(found.number, found.start, found.end_kind) for found in epochs]


@pytest.mark.parametrize("minutes", [0, -0.02, -9])
def test_a_start_that_the_security_log_shows_too_is_one_boot(minutes: float) -> None:
    """The kernel starts up to some minutes before 4608 is written."""
    (found,) = with_starts([epoch(1, 0)], start(minutes))
    assert (found.number, found.start, found.start_evidence) == (1, at(0), "4608")
    assert found.kernel_start == at(minutes)


def test_the_kernels_start_by_activity_ids_is_kept() -> None:
    known = Epoch(1, 100, at(1), "4608", None, at(0))
    (found,) = with_starts([known], start(0.01))
    assert found.kernel_start == at(0)


@pytest.mark.parametrize("minutes", [-11, -300])
def test_the_boot_that_the_security_log_begins_in_gets_its_start(minutes: float) -> None:
    (found,) = with_starts([epoch(0, None)], start(minutes))
    assert (found.number, found.start, found.start_evidence) == (1, at(minutes), "System")
    assert found.start_row == int(1000 + minutes)


def test_a_kernel_that_started_at_another_time_is_not_the_first_boots() -> None:
    first = Epoch(0, 0, None, "before-log", None, at(-30))
    found = with_starts([first], start(-300))
    assert told(found) == [(1, at(-300), "reboot"), (2, None, "open")]


def test_boots_before_and_after_the_security_log_are_added_in_order() -> None:
    found = with_starts([epoch(0, None), epoch(1, 120)], start(-500), start(-300), start(700))
    assert told(found) == [
        (1, at(-500), "reboot"),
        (2, at(-300), "reboot"),
        (3, at(120), "reboot"),
        (4, at(700), "open"),
    ]
    assert [boot.next_start for boot in found] == [at(-300), at(120), at(700), None]
    assert [boot.first_position for boot in found] == sorted(boot.first_position for boot in found)


def test_a_clean_stop_is_kept_when_a_boot_is_added_after_it() -> None:
    stopped = epoch(1, 0, end_kind="shutdown", end=at(600))
    found = with_starts([stopped], start(700))
    assert told(found) == [(1, at(0), "shutdown"), (2, at(700), "open")]
    assert found[0].end == at(600)


def test_a_start_in_a_hole_of_the_security_log_is_a_boot() -> None:
    crashed = epoch(1, 0, end_kind="crash", next_start=at(500))
    found = with_starts([crashed, epoch(2, 500)], start(200), holes={at(200): (120, 140)})
    assert told(found) == [(1, at(0), "reboot"), (2, at(200), "crash"), (3, at(500), "open")]
    assert [boot.first_position for boot in found] == [100, 140, 200]
    assert found[0].next_start == at(200)


def test_several_starts_in_one_hole_are_as_many_boots() -> None:
    hole = (120, 140)
    found = with_starts([epoch(1, 0)], start(200), start(300), holes={at(200): hole, at(300): hole})
    assert told(found) == [(1, at(0), "reboot"), (2, at(200), "reboot"), (3, at(300), "open")]
    assert [boot.first_position for boot in found] == [100, 139, 140]


def test_a_start_in_the_hole_before_a_boot_is_another_boot() -> None:
    known = [epoch(1, 0), epoch(2, 300, 140)]
    found = with_starts(known, start(200), start(300), holes={at(200): (120, 140)})
    assert told(found) == [(1, at(0), "reboot"), (2, at(200), "reboot"), (3, at(300), "open")]
    assert [boot.first_position for boot in found] == [100, 139, 140]


def test_of_two_starts_that_fit_a_boot_the_later_is_its_own() -> None:
    """The machine started twice within minutes, and only the second time wrote a Security record."""
    found = with_starts([epoch(1, 0)], start(-5), start(-1), span=(at(0), at(600)))
    assert told(found) == [(1, at(-5), "reboot"), (2, at(0), "open")]
    assert found[1].kernel_start == at(-1)


def test_a_start_amid_records_that_run_on_is_none() -> None:
    """No Security records are missing there: the stamp of the System record is wrong."""
    assert told(with_starts([epoch(1, 0)], start(200))) == [(1, at(0), "open")]


@pytest.mark.parametrize(("begins_before", "numbers"), [(True, [0, 1, 2]), (False, [1, 2])])
def test_without_a_security_log(begins_before: bool, numbers: list[int]) -> None:
    found = with_starts([], start(0), start(60), span=None, begins_before=begins_before)
    assert [boot.number for boot in found] == numbers
    assert found[-1].end_kind == "open"
    assert {boot.end_kind for boot in found[:-1]} == {"reboot"}


def test_without_any_start() -> None:
    assert told(with_starts([], span=None)) == [(0, None, "open")]


def mark(kind: Any, minutes: float, alive: float | None = None) -> SystemMark:
    return SystemMark(at(minutes), kind, int(2000 + minutes), None if alive is None else at(alive))


def ended(boot: Epoch, *marks: SystemMark, last: float = 60, last_covered: int | None = None) -> Epoch:
    (found,) = with_system_ends([boot], {boot.number: at(last)}, marks, last_covered)
    return found


RESTARTED = epoch(1, 0, end_kind="reboot", next_start=at(120))


@pytest.mark.parametrize(
    ("marks", "kind", "row"),
    [
        ([mark("crash", 121)], "crash", 2121),
        ([mark("crash", 121), mark("crash", 122, alive=90)], "crash", 2122),
        ([mark("crash", 131)], "reboot", None),
        ([mark("stopped", 61)], "shutdown", 2061),
        ([mark("stopped", 56)], "shutdown", 2056),
        ([mark("stopped", 54)], "reboot", None),
        ([mark("stopped", 121)], "reboot", None),
        ([mark("stopping", 58)], "shutdown", 2058),
        ([mark("stopping", 58), mark("stopped", 61)], "shutdown", 2061),
        ([], "reboot", None),
    ],
    ids=[
        "unexpected stop",
        "6008 before 41",
        "of another start",
        "stopped after the last record",
        "last record written late",
        "long before the last record",
        "after the next start",
        "only asked to stop",
        "asked and stopped",
        "nothing",
    ],
)
def test_how_a_boot_ended(marks: list[SystemMark], kind: str, row: int | None) -> None:
    found = ended(RESTARTED, *marks)
    assert (found.end_kind, found.end_row) == (kind, row)


@pytest.mark.parametrize(
    ("alive", "believed"), [(90, 90), (60, 60), (59, None), (121, None), (None, None)],
    ids=["between", "with the last record", "before the last record", "after the next start", "none"],
)  # fmt: skip
def test_a_heartbeat_counts_only_between_the_last_record_and_the_next_start(
    alive: float | None, believed: float | None
) -> None:
    found = ended(RESTARTED, mark("crash", 121, alive))
    assert (found.end_kind, found.alive_until) == ("crash", None if believed is None else at(believed))


def test_only_a_stop_itself_is_exact() -> None:
    assert ended(RESTARTED, mark("stopped", 61)).end_is_exact
    assert not ended(RESTARTED, mark("stopping", 61)).end_is_exact


def test_a_clean_stop_by_the_security_log_stands() -> None:
    stopped = epoch(1, 0, end_kind="shutdown", end=at(60), next_start=at(120))
    assert ended(stopped, mark("crash", 121), mark("stopped", 61)) == stopped


@pytest.mark.parametrize(
    ("given", "kind"),
    [(mark("stopped", 64), "shutdown"), (mark("stopped", 66), "open"), (mark("stopping", 61), "open")],
    ids=["right then", "later", "only asked"],
)
def test_the_end_of_the_log_is_no_end_of_the_boot(given: SystemMark, kind: str) -> None:
    """Sign-outs after the last Security record may be missing: a stop long after it says nothing of who was on."""
    assert ended(epoch(1, 0), given).end_kind == kind


def test_nor_is_it_where_only_the_system_log_goes_on() -> None:
    late = mark("stopped", 100)
    assert ended(RESTARTED, late, last_covered=1).end_kind == "reboot"
    assert ended(RESTARTED, late, last_covered=2).end_kind == "shutdown"


def test_a_boot_without_records_is_left_as_it_is() -> None:
    (found,) = with_system_ends([RESTARTED], {}, [mark("stopped", 100)], None)
    assert found.end_kind == "reboot"


def test_marks_count_for_their_own_boot_only() -> None:
    boots = [RESTARTED, epoch(2, 120)]
    found = with_system_ends(boots, {1: at(60), 2: at(180)}, [mark("crash", 121), mark("stopped", 181)], None)
    assert told(found) == [(1, at(0), "crash"), (2, at(120), "shutdown")]
    assert found[1].end == at(180) + timedelta(minutes=1)


def test_an_unexpected_stop_is_of_the_boot_before_the_nearest_start() -> None:
    boots = [epoch(1, 0, end_kind="reboot", next_start=at(120)), epoch(2, 120, end_kind="reboot", next_start=at(125))]
    found = with_system_ends([*boots, epoch(3, 125)], {1: at(110), 2: at(122)}, [mark("crash", 126)], None)
    assert [boot.end_kind for boot in found] == ["reboot", "crash", "open"]


@pytest.mark.parametrize(
    ("last", "kind"), [(datetime(1, 1, 1), "shutdown"), (datetime(9999, 12, 31, 23, 59, 59), "reboot")]
)
def test_a_last_record_at_the_edge_of_the_calendar(last: datetime, kind: str) -> None:
    (found,) = with_system_ends([RESTARTED], {1: last}, [mark("stopped", 61)], None)
    assert found.end_kind == kind
