"""Missing record IDs: holes while a session lasted, ends that may lie in one, filtered exports, generations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.sessions.generations import Run, generations
from logonscope.store.case_store import CaseStore
from logonscope.store.coverage_rows import fetch_coverage, gaps_of_session
from support.events import Record, load
from support.small_logs import at, logon, named, rebuilt, security, sessions

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

MINUTE = 60_000_000
START = security(1, 0, 4608)


def quiet(first: int, last: int) -> list[Record]:
    """Records that speak of no session, one a minute."""
    return [security(record, record, 4776, TargetUserName="x") for record in range(first, last + 1)]


def closed(record: int, **fields: Any) -> Record:
    return security(record, record, 4634, LogonType=2, **named(0xA1), **fields)


def marks(con: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[Any, ...]]:
    return [(m.channel, m.since, m.until, m.amount) for m in fetch_coverage(con, None) if m.kind == kind]


def test_an_end_that_may_lie_in_a_hole_is_a_range(tmp_path: Path) -> None:
    with rebuilt(tmp_path, START, logon(2, 2), *quiet(3, 20), *quiet(26, 59), closed(60)) as con:
        (session,) = sessions(con)
        (gap,) = gaps_of_session(con, session.session_id)
        assert marks(con, "missing") == [("Security", at(20), at(26), 5)]
    assert (session.end_evidence, session.grade) == ("4634", "D")
    assert (session.end_earliest, session.end_latest) == (at(2), at(60))
    assert (session.duration_least, session.duration_most) == (0, 58 * MINUTE)
    assert {"gap", "end-in-gap"} <= set(session.flags)
    assert (gap.kind, gap.amount) == ("missing", 5)


def test_a_sign_of_the_session_after_the_hole_narrows_the_range(tmp_path: Path) -> None:
    acted = security(40, 40, 4688, SubjectUserName="alice", SubjectLogonId="0xa1", NewProcessName="cmd.exe")
    with rebuilt(tmp_path, START, logon(2, 2), *quiet(3, 20), *quiet(26, 39), acted, *quiet(41, 59), closed(60)) as con:
        (session,) = sessions(con)
    assert (session.end_earliest, session.end_latest, session.grade) == (at(60), at(60), "A")
    assert "gap" in session.flags
    assert "end-in-gap" not in session.flags


def test_a_sign_out_that_was_asked_for_is_no_doubtful_end(tmp_path: Path) -> None:
    asked = security(60, 60, 4647, **named(0xA1))
    with rebuilt(tmp_path, START, logon(2, 2), *quiet(3, 20), *quiet(26, 59), asked) as con:
        (session,) = sessions(con)
    assert (session.end_earliest, session.end_latest, session.grade) == (at(60), at(60), "B")


@pytest.mark.parametrize("event_id", [1101, 1102, 1104])
def test_records_that_tell_of_lost_ones_are_holes(event_id: int, tmp_path: Path) -> None:
    provider = "Microsoft-Windows-Eventlog"
    told = Record(event_id, 20, at(20), {}, provider=provider, user_data="Told")
    with rebuilt(tmp_path, START, logon(2, 2), *quiet(3, 19), told, *quiet(21, 59), closed(60)) as con:
        (session,) = sessions(con)
    assert (session.end_earliest, session.end_latest, session.grade) == (at(2), at(60), "D")


def test_a_hole_before_or_after_a_session_does_not_touch_it(tmp_path: Path) -> None:
    first = [START, *quiet(2, 10)]
    with rebuilt(
        tmp_path, *first, logon(15, 15), security(16, 60, 4634, LogonType=2, **named(0xA1)), *quiet(70, 90)
    ) as con:
        (session,) = sessions(con)
        assert len(marks(con, "missing")) == 2
    assert (session.end, session.grade, session.flags) == (at(60), "A", ())


def test_the_end_by_a_shutdown_is_doubtful_too(tmp_path: Path) -> None:
    stopped = Record(1100, 40, at(40), {}, provider="Microsoft-Windows-Eventlog", user_data="ServiceShutdown")
    with rebuilt(tmp_path, START, logon(2, 2), *quiet(3, 20), *quiet(26, 39), stopped) as con:
        (session,) = sessions(con)
    assert (session.end_evidence, session.grade) == ("shutdown", "D")
    assert (session.end_earliest, session.end_latest) == (at(2), at(40))


def test_a_contact_between_holes_is_as_it_was(tmp_path: Path) -> None:
    """Only what lies across a hole is doubtful: plain contacts are told apart record by record."""
    network = {"LogonType": 3, "LogonProcessName": "Kerberos", "IpAddress": "10.0.0.7"}
    across = security(50, 50, 4634, LogonType=3, **named(0xB1))
    with rebuilt(
        tmp_path,
        START, *quiet(2, 9), logon(10, 10, 0xB1, **network), *quiet(11, 20),
        *quiet(30, 35), logon(36, 36, 0xB2, **network), security(37, 37, 4634, LogonType=3, **named(0xB2)),
        *quiet(38, 49), across, *quiet(51, 60),
    ) as con:  # fmt: skip
        first, second = sessions(con)
    assert (first.end_earliest, first.end_latest, first.grade) == (at(10), at(50), "D")
    assert (second.end_earliest, second.end_latest, second.grade) == (at(37), at(37), "A")


def test_a_filtered_export_has_no_holes(tmp_path: Path) -> None:
    """Only every third record was exported: what is missing says nothing."""
    kept = [security(record, record, 4776, TargetUserName="x") for record in range(3, 60, 3)]
    with rebuilt(tmp_path, START, logon(2, 2), *kept, closed(60)) as con:
        (session,) = sessions(con)
        (mark,) = marks(con, "filtered")
        assert marks(con, "missing") == []
    assert mark == ("Security", None, None, 60 - 22)
    assert (session.end, session.grade) == (at(60), "A")


def test_one_great_hole_is_no_filter(tmp_path: Path) -> None:
    with rebuilt(tmp_path, START, logon(2, 2), *quiet(3, 10), *quiet(500, 510)) as con:
        (session,) = sessions(con)
        assert marks(con, "filtered") == []
        assert marks(con, "missing") == [("Security", at(10), at(500), 489)]
    assert (session.end_evidence, session.end_earliest, session.end_latest) == ("gap", at(2), None)


def test_a_hole_between_runs_of_positions_is_found(tmp_path: Path) -> None:
    """Record IDs are looked at in runs of 4 096: this hole takes two whole runs and parts of both neighbours."""
    near, far = 4096 - 3, 3 * 4096 + 3
    kept = [
        security(record, index, 4776, TargetUserName="x") for index, record in enumerate((near, near + 1, far, far + 1))
    ]
    with rebuilt(tmp_path, *kept) as con:
        assert marks(con, "missing") == [("Security", at(1), at(2), far - near - 2)]


def test_holes_of_other_logs_are_told_and_leave_sessions_alone(tmp_path: Path) -> None:
    other = [
        Record(7036, record, at(record), {}, channel="System", provider="Service Control Manager")
        for record in (*range(1, 10), *range(20, 40))
    ]
    with rebuilt(tmp_path, START, logon(2, 2), *quiet(3, 59), closed(60), *other) as con:
        (session,) = sessions(con)
        assert marks(con, "missing") == [("System", at(9), at(20), 10)]
    assert session.flags == ()


def sources(folder: Path, *logs: list[Record]) -> tuple[CaseStore, duckdb.DuckDBPyConnection]:
    store = CaseStore(folder)
    load(store, *logs)
    return store, store.cursor()


def test_a_second_file_fills_the_hole_of_the_first(tmp_path: Path) -> None:
    store, con = sources(tmp_path, [START, logon(2, 2), *quiet(3, 20), *quiet(26, 59), closed(60)], quiet(18, 30))
    try:
        (session,) = sessions(con)
        assert marks(con, "missing") == []
        assert con.execute("SELECT count(*) FROM event").fetchall() == [(60,)]
    finally:
        store.close()
    assert (session.end, session.grade, session.flags) == (at(60), "A", ())


def test_a_log_whose_numbers_begin_anew_is_another_generation(tmp_path: Path) -> None:
    """The log was cleared: record 2 of the new numbering is not the record 2 of the old one."""
    old = [START, logon(2, 2), *quiet(3, 20)]
    cleared = Record(1102, 1, at(30), {}, provider="Microsoft-Windows-Eventlog", user_data="LogFileCleared")
    new = [cleared, logon(2, 40, 0xA2), security(3, 50, 4634, LogonType=2, **named(0xA2))]
    store, con = sources(tmp_path, old, new)
    try:
        before, after = sessions(con)
        assert marks(con, "missing") == []
    finally:
        store.close()
    assert (before.start, after.start, after.end) == (at(2), at(40), at(50))
    assert (before.end_evidence, before.end_earliest, before.grade) == ("gap", at(2), "D")
    assert {"gap", "end-in-gap"} <= set(before.flags)
    assert after.flags == ()


def test_nothing_is_still_on_at_the_end_of_a_filtered_log(tmp_path: Path) -> None:
    """What is left are logons here and there; logoffs may be among what was left out."""
    logons = [logon(10 * n, 10 * n, 0xA0 + n) for n in range(1, 5)]
    with rebuilt(tmp_path, *logons, security(50, 50, 4634, LogonType=2, **named(0xA2))) as con:
        first, closed_one, *_ = sessions(con)
    assert (first.end_evidence, first.grade, first.end_earliest, first.end_latest) == ("gap", "D", at(10), None)
    assert (closed_one.end_evidence, closed_one.end_latest) == ("4634", at(50))


@pytest.mark.parametrize(
    ("stop", "evidence", "latest"),
    [
        (
            [Record(1100, 55, at(55), {}, provider="Microsoft-Windows-Eventlog", user_data="ServiceShutdown")],
            "shutdown",
            55,
        ),
        ([], "reboot", 60),
    ],
)
def test_of_a_filtered_log_the_end_of_a_boot_is_only_the_latest_end(
    tmp_path: Path, stop: list[Record], evidence: str, latest: int
) -> None:
    """The session may have ended long before: its logoff may be among what was left out."""
    logons = [logon(10 * n, 10 * n, 0xA0 + n) for n in range(1, 5)]
    logoff = security(50, 50, 4634, LogonType=2, **named(0xA2))
    with rebuilt(tmp_path, *logons, logoff, *stop, security(60, 60, 4608)) as con:
        first, closed_one, *_ = sessions(con)
        assert marks(con, "filtered")
    assert (first.end_evidence, first.grade, first.end_earliest, first.end_latest) == (
        evidence,
        "D",
        at(10),
        at(latest),
    )
    assert (closed_one.end_evidence, closed_one.end_latest) == ("4634", at(50))


NINE = datetime(2026, 3, 2, 9)


def run(source: int, first: int, last: int, hour: float, hours: float = 1, restart: int = 0) -> Run:
    since = NINE + timedelta(hours=hour)
    return Run(source, 1, 1, restart, first, last, since, since + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([run(1, 1, 100, 0), run(2, 101, 200, 1)], [0, 0]),
        ([run(1, 1, 100, 0, 2), run(2, 50, 150, 1, 2)], [0, 0]),
        ([run(1, 1, 100, 0), run(2, 1, 50, 5)], [0, 1]),
        ([run(1, 1, 100, 0), run(1, 1, 50, 5, restart=101)], [0, 1]),
        ([run(1, 501, 600, 0), run(2, 401, 500, 5)], [0, 0]),
        ([run(1, 501, 600, 0), run(2, 301, 400, 5)], [0, 1]),
        ([run(1, 501, 600, 0), run(2, 301, 400, 5), run(3, 401, 500, 6)], [0, 0, 0]),
        ([run(1, 1, 100, 0), run(1, 1, 50, 5, restart=101), run(2, 51, 90, 6)], [0, 1, 1]),
        ([run(1, 1, 24, 0.75, 0.1), run(2, 30, 100, 0, 48)], [0, 0]),
        ([run(1, 501, 600, 0, 2), run(2, 301, 400, 1.9, 5)], [0, 1]),
    ],
    ids=[
        "archive and the log after it",
        "overlapping copies",
        "made anew",
        "made anew within one file",
        "clock set back between archive and log",
        "lower numbers, later",
        "two archives, and the clock set back after them",
        "goes on after a clearing",
        "clock set back between archive and log, and records missing in between",
        "made anew, and the clock set back a little",
    ],
)
def test_generations(runs: list[Run], expected: list[int]) -> None:
    numbered = generations(runs)
    assert [numbered[r.source, r.machine, r.channel, r.restart] for r in runs] == expected


def test_generations_do_not_depend_on_the_order_of_the_files() -> None:
    runs = [run(1, 1, 100, 0), run(2, 1, 50, 5), run(3, 51, 90, 6)]
    assert generations(reversed(runs)) == generations(runs)
