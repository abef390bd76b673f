"""Desktop sessions as LocalSessionManager and Winlogon know them: tied to logons, or standing alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.sessions.desktop import Desktop, find_desktops
from logonscope.sessions.logon import DeskSession, Logon
from logonscope.sessions.matching import match_desktops
from logonscope.sessions.sight import Reach
from logonscope.sessions.terminal import LSM, WINLOGON, Boots, TerminalEvent, Trail, follow_log
from logonscope.store.session_rows import fetch_evidence
from support.small_logs import SID, at, desktop, logon, named, rebuilt, security, sessions, system

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from logonscope.sessions.terminal import Kind

ONE_BOOT = Boots([(None, 0)])


def event(kind: Kind, minutes: float, number: int = 1, user: str = "alice", person: int = 0) -> TerminalEvent:
    return TerminalEvent(int(minutes * 100), at(minutes), kind, number, 0, user, person, "")


def known(number: int, start: float | None, end: float | None = None, **changes: Any) -> DeskSession:
    """A session that the Security log shows; without a start one that it only shows the rest of, from 30 minutes on.

    Args:
        number: Its number and position.
        start: When its 4624 was written, in minutes.
        end: When its user asked to sign out.
        changes: Fields of its logon.
    """
    usual: dict[str, Any] = {
        **dict.fromkeys(Logon.__struct_fields__),
        "person": 7,
        "user": "alice",
        "logon_type": 2,
        "logon_class": "stay",
        "start_pos": None if start is None else number,
        "first_pos": number,
        "origin_time": at(30 if start is None else start),
        "first_time": at(30 if start is None else start),
        "last_seen": at(30 if start is None else start),
        "is_at_desk": True,
        "privileged": False,
        "shown": [],
        "ask_pos": None if end is None else number + 1,
        "ask_time": None if end is None else at(end),
        "version": 2,
    }
    return DeskSession(number, [Logon(**usual | changes)])


def followed(events: Sequence[TerminalEvent], boots: Boots = ONE_BOOT) -> list[Trail]:
    return follow_log(LSM, events, boots)


def matched(events: Sequence[TerminalEvent], *known_sessions: DeskSession) -> list[int | None]:
    """The number of the session that each desktop is, or None."""
    reach = {LSM.provider: Reach(None, max(event.time for event in events))}
    desktops = find_desktops(1, followed(events), reach)
    absorbed = match_desktops(known_sessions, desktops)
    owners = {id(session.desktop): session.number for session in known_sessions if session not in absorbed}
    return [owners.get(id(found)) for found in desktops]


@pytest.mark.parametrize(
    ("minutes", "session"), [(9.9, None), (9.95, 1), (10, 1), (11, 1), (11.1, None)],
    ids=["too early", "five seconds before", "at once", "a minute later", "too late"],
)  # fmt: skip
def test_an_opening_belongs_to_the_logon_near_it(minutes: float, session: int | None) -> None:
    assert matched([event("open", minutes)], known(1, 10)) == [session]


@pytest.mark.parametrize(
    ("user", "person", "session"),
    [("alice", 0, 1), ("bob", 0, None), ("", 7, 1), ("", 8, None), ("alice@example.com", 7, 1)],
    ids=["same name", "another name", "same SID", "another SID", "same SID, another name"],
)
def test_and_to_the_same_person(user: str, person: int, session: int | None) -> None:
    assert matched([event("open", 10, user=user, person=person)], known(1, 10)) == [session]


def test_of_two_logons_the_nearer_one_is_meant() -> None:
    assert matched([event("open", 10.1), event("open", 10.6, number=2)], known(1, 10), known(2, 10.5)) == [1, 2]


def joined(lsm: Sequence[TerminalEvent], winlogon: Sequence[TerminalEvent]) -> list[Desktop]:
    reach = {log.provider: Reach(None, at(100)) for log in (LSM, WINLOGON)}
    trails = [*follow_log(LSM, lsm, ONE_BOOT), *follow_log(WINLOGON, winlogon, ONE_BOOT)]
    return find_desktops(1, trails, reach)


@pytest.mark.parametrize(
    ("lsm", "winlogon", "desktops"),
    [
        ([event("open", 10)], [event("open", 10.1, user="")], 1),
        ([event("open", 10)], [event("open", 12, user="")], 2),
        ([event("open", 10)], [event("open", 10.1, number=2, user="")], 2),
        ([event("open", 10)], [event("open", 10.1, user="bob", person=8)], 2),
        ([event("leave", 30), event("close", 40)], [event("close", 40.1, user="")], 1),
        ([event("leave", 30), event("close", 40)], [event("close", 50, user="")], 2),
        ([event("open", 10)], [event("close", 40, user="")], 1),
        ([event("open", 10), event("close", 20)], [event("close", 40, user="")], 2),
        ([event("leave", 30)], [event("open", 10, user="")], 1),
        ([event("leave", 30)], [event("open", 40, user="")], 2),
    ],
    ids=[
        "opened at once", "opened later", "another number", "another user", "closed at once", "closed later",
        "end only", "end of another", "beginning only", "beginning of another",
    ],
)  # fmt: skip
def test_two_logs_tell_of_one_desktop(lsm: list[TerminalEvent], winlogon: list[TerminalEvent], desktops: int) -> None:
    """Its number is the same in both, and it was on at the same time."""
    assert len(joined(lsm, winlogon)) == desktops


def test_what_the_first_log_does_not_hold_the_next_one_tells() -> None:
    (found,) = joined([event("leave", 30)], [event("open", 10, user=""), event("close", 40, user="")])
    assert (found.opened, found.closed, found.number) == (at(10), at(40), 1)


def test_a_sign_out_closes_the_desktop_and_frees_its_number() -> None:
    trails = followed([event("open", 10), event("close", 20), event("open", 30)])
    assert [(trail.closed and trail.closed.time, trail.number_taken) for trail in trails] == [
        (at(20), None),
        (None, None),
    ]


def test_a_number_given_on_ends_the_desktop_before() -> None:
    first, second = followed([event("open", 10), event("leave", 15), event("open", 30, user="bob")])
    assert (first.closed, first.number_taken, second.number_taken) == (None, at(30), None)


def test_numbers_do_not_touch_each_other() -> None:
    first, second = followed([event("open", 10), event("open", 12, number=2), event("close", 20, number=2)])
    assert (first.closed, first.number_taken) == (None, None)
    assert second.closed is not None


def test_a_record_of_another_user_is_not_counted_to_the_desktop() -> None:
    (trail,) = followed([event("open", 10), event("close", 20, user="bob"), event("close", 30)])
    assert trail.closed is not None
    assert trail.closed.time == at(30)


def test_a_restart_ends_all_desktops_of_the_log() -> None:
    first, second, third = followed([event("open", 10), event("open", 12, 2), event("restart", 50), event("open", 60)])
    assert (first.restarted, second.restarted, third.restarted) == (at(50), at(50), None)
    assert first.number_taken is None


def test_a_restart_stamped_before_the_last_sign_bounds_nothing() -> None:
    first, _ = followed([event("open", 10), event("leave", 40), event("restart", 30), event("open", 60)])
    assert first.restarted is None


def test_a_restart_says_which_boot_follows() -> None:
    boots = Boots([(at(0), 1), (at(50), 2)])
    first, second = followed([event("open", 10), event("restart", 50.2), event("open", 40)], boots)
    assert (first.boot, second.boot) == (1, 2), "the clock was set back after the restart"


def test_without_restarts_in_the_log_boots_end_numbers_by_time() -> None:
    first, second = followed([event("open", 10), event("close", 60)], Boots([(at(0), 1), (at(50), 2)]))
    assert first.closed is None
    assert (second.boot, second.opened) == (2, None)


def test_the_aftermath_of_a_sign_out_belongs_to_it() -> None:
    (trail,) = followed([event("open", 10), event("close", 20), event("note", 20.5), event("note", 22)])
    assert [mark.time for mark in trail.marks] == [at(20.5)]


def test_a_note_alone_makes_no_desktop() -> None:
    assert followed([event("note", 30)]) == []


@pytest.mark.parametrize(("end", "session"), [(None, 1), (25, None)], ids=["on", "ended before"])
def test_a_record_of_a_desktop_opened_before_the_log(end: float | None, session: int | None) -> None:
    assert matched([event("leave", 30)], known(1, 10, end)) == [session]


def test_of_two_sessions_that_are_on_none_is_chosen() -> None:
    assert matched([event("leave", 30)], known(1, 10), known(2, 12)) == [None]


def test_an_opening_gives_a_truncated_session_its_start() -> None:
    truncated = known(1, None)
    assert matched([event("open", 5)], truncated) == [1]
    assert truncated.start == at(5)


@pytest.mark.parametrize(
    ("events", "known_sessions"),
    [
        ([event("open", 5)], [known(1, None, user="bob", person=8)]),
        ([event("open", 35)], [known(1, None)]),
        ([event("open", 5), event("close", 10)], [known(1, None)]),
        ([event("open", 5)], [known(1, None, gone=at(4))]),
        ([event("open", 5), event("open", 6, 2)], [known(1, None)]),
        ([event("open", 5)], [known(1, None), known(2, None)]),
    ],
    ids=["another person", "began later", "ended before", "of an earlier boot", "two starts fit", "two sessions fit"],
)
def test_a_start_is_not_guessed(events: list[TerminalEvent], known_sessions: list[DeskSession]) -> None:
    assert set(matched(events, *known_sessions)) == {None}


def closed(number: int, minutes: float, **changes: Any) -> DeskSession:
    """A session of which the 4634 alone is left: it may have been started from another."""
    left: dict[str, Any] = {
        "is_at_desk": False,
        "first_time": at(minutes),
        "close_time": at(minutes),
        "close_pos": number,
    }
    return known(number, None, **left | changes)


@pytest.mark.parametrize(
    ("events", "session", "owner"),
    [
        ([event("open", 5), event("close", 40)], known(1, None, 39.99), 1),
        ([event("open", 5), event("close", 40)], closed(1, 40.01), 1),
        ([event("open", 5), event("close", 40)], closed(1, 41), 1),
        ([event("open", 5), event("close", 40)], closed(1, 44), None),
        ([event("open", 5), event("leave", 50)], closed(1, 40), None),
        ([event("open", 5), event("leave", 20)], closed(1, 40), None),
        ([event("open", 5), event("leave", 20)], closed(1, 40, logon_type=10), 1),
        ([event("open", 5), event("leave", 20)], known(1, None, 40), 1),
        ([event("open", 5), event("leave", 50)], known(1, None, 40), None),
    ],
    ids=[
        "asked to sign out", "closed at once", "closed a minute later", "closed too late", "the desktop went on",
        "nothing tells whether it went on", "of Remote Desktop", "signed out after the log",
        "signed out, but it went on",
    ],
)  # fmt: skip
def test_what_ended_with_a_desktop_is_its_session(
    events: list[TerminalEvent], session: DeskSession, owner: int | None
) -> None:
    assert matched(events, session) == [owner]


def test_of_two_that_ended_the_one_that_ended_with_the_desktop_is_meant() -> None:
    events = [event("open", 5), event("open", 6, 2), event("close", 40), event("close", 50, 2)]
    assert matched(events, closed(1, 50), closed(2, 40)) == [2, 1]


@pytest.mark.parametrize(("version", "tokens"), [(1, 2), (2, 1)], ids=["before Windows 10", "that names its twin"])
def test_a_token_of_which_the_end_alone_is_left(version: int, tokens: int) -> None:
    """It ended with the desktop of a session that may have two; a 4624 that names no twin has none."""
    owner, rest = known(1, 5, version=version), closed(2, 40)
    assert matched([event("open", 5), event("close", 40)], owner, rest) == [1]
    assert len(owner.tokens) == tokens


def test_a_time_that_two_boots_claim_lies_in_the_later_one() -> None:
    """The clock was set back by an hour before the second boot."""
    boots = Boots([(at(0), 1), (at(-60), 2)])
    assert [boots.at(at(minutes)) for minutes in (-70, -30, 30)] == [1, 2, 2]


@pytest.mark.parametrize("edge", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)])
def test_times_at_the_edge_of_the_calendar(edge: datetime) -> None:
    forged = TerminalEvent(1, edge, "open", 1, 0, "alice", 0, "")
    sessions = [known(1, 10, 20), known(2, 0, origin_time=edge), known(3, None)]
    assert matched([event("leave", 15, 2), forged, event("leave", 30, 3)], *sessions)[1] == 2


def winlogon(record: int, minutes: float, event_id: int, number: int = 1, sid: str = SID) -> Any:
    return system(record, minutes, WINLOGON.provider, event_id, TSId=number, UserSid=sid)


def test_a_session_of_local_session_manager_alone(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        desktop(1, 0, 32),
        desktop(2, 10, 21, number=3, Address="10.0.0.9"),
        desktop(3, 70, 23, number=3),
    ) as con:
        (session,) = sessions(con)
        roles = [entry.role for entry in fetch_evidence(con, session.session_id)]
    assert (session.key, session.start_evidence, session.end_evidence) == ("WS1/LSM3@2", "LSM21", "LSM23")
    assert (session.start, session.end, session.grade) == (at(10), at(70), "B")
    assert (session.logon_type, session.source_ip, session.source_evidence) == (10, "10.0.0.9", "LSM21")
    assert (session.account.name, session.session_number) == ("alice", 3)
    assert {"from-lsm", "clock-unknown"} <= set(session.flags)
    assert roles == ["open", "close"]


@pytest.mark.parametrize(("address", "logon_type"), [("LOCAL", 2), ("10.0.0.9", 10), ("", None)])
def test_its_type_is_told_by_its_address(address: str, logon_type: int | None, tmp_path: Path) -> None:
    with rebuilt(tmp_path, desktop(1, 10, 21, Address=address)) as con:
        (session,) = sessions(con)
    assert (session.logon_type, session.source_ip) == (logon_type, address)


def test_a_session_that_local_session_manager_began_to_see_late(tmp_path: Path) -> None:
    with rebuilt(tmp_path, desktop(1, 10, 24, Address="10.0.0.9"), desktop(2, 40, 23)) as con:
        (session,) = sessions(con)
    assert (session.start, session.start_evidence, session.start_latest) == (None, "before-log", at(10))
    assert (session.grade, session.end, session.duration) == ("T", at(40), None)
    assert "truncated" in session.flags


def test_local_session_manager_ends_a_session_that_the_security_log_leaves_open(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        security(3, 120, 4776, TargetUserName="x"),
        desktop(1, 5.1, 21, Address="LOCAL"),
        desktop(2, 60, 23),
    ) as con:
        (session,) = sessions(con)
    assert (session.key, session.end, session.end_evidence, session.grade) == ("WS1/0xa1@2", at(60), "LSM23", "B")
    assert session.session_number == 1


def test_the_sign_out_of_the_security_log_is_believed_first(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        security(3, 60, 4647, **named(0xA1)),
        desktop(1, 5.1, 21, Address="LOCAL"),
        desktop(2, 60.1, 23),
    ) as con:
        (session,) = sessions(con)
    assert (session.end, session.end_evidence) == (at(60), "4647")


def test_the_first_of_the_other_logs_that_tells_of_an_end_is_believed(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        desktop(1, 5.1, 21, Address="LOCAL"),
        desktop(2, 60, 23),
        winlogon(1, 5.2, 7001),
        winlogon(2, 60.1, 7002),
    ) as con:
        (session,) = sessions(con)
        roles = [entry.role for entry in fetch_evidence(con, session.session_id)]
    assert (session.end, session.end_evidence) == (at(60), "LSM23")
    assert roles == ["open", "open", "open", "close", "close"], "all five records are its evidence"


def test_winlogon_and_local_session_manager_show_one_session(tmp_path: Path) -> None:
    """No Security log: the number of the desktop ties the two together, the SID is all that Winlogon knows."""
    with rebuilt(
        tmp_path,
        desktop(1, 5, 21, Address="LOCAL"),
        system(1, 0, "EventLog", 6005),
        winlogon(2, 5.1, 7001),
        winlogon(3, 60, 7002),
    ) as con:
        (session,) = sessions(con)
    assert (session.key, session.end, session.end_evidence) == ("WS1/LSM1@1", at(60), "7002")


def test_names_that_differ_are_two_people(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path, security(1, 0, 4608), logon(2, 5), desktop(1, 5.1, 21, User="WS1\\bob", Address="LOCAL")
    ) as con:
        found = sessions(con)
    assert [(session.account.name, session.start_evidence) for session in found] == [
        ("alice", "4624"),
        ("bob", "LSM21"),
    ]


def test_a_name_is_the_same_in_another_case_and_domain(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path, security(1, 0, 4608), logon(2, 5), desktop(1, 5.1, 21, User="ALDER\\ALICE", Address="LOCAL")
    ) as con:
        (session,) = sessions(con)
    assert session.session_number == 1


def test_a_restart_in_the_system_log_bounds_a_session_of_winlogon(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path, system(1, 0, "EventLog", 6005), winlogon(2, 10, 7001), system(3, 90, "EventLog", 6005)
    ) as con:
        (session,) = sessions(con)
    assert (session.end_evidence, session.grade) == ("reboot", "D")
    assert (session.end_earliest, session.end_latest) == (at(10), at(90))


def test_what_other_logs_hold_no_end_of_is_on_until_they_end(tmp_path: Path) -> None:
    with rebuilt(tmp_path, desktop(1, 10, 21, Address="LOCAL"), desktop(2, 50, 22, number=9)) as con:
        (session,) = sessions(con)
    assert (session.end, session.end_evidence, session.end_earliest, session.end_latest) == (None, "open", at(50), None)
    assert session.duration is None
