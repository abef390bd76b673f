"""Two tokens, one person: what UAC makes of one logon, also where half of it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.events import Record
from support.small_logs import SID, at, logon, named, rebuilt, security, sessions

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import Session

ELEVATED, LIMITED = 0xA2, 0xA1
START = security(1, 0, 4608)
NOTE = security(90, 90, 4776, TargetUserName="x")


def token(record: int, logon_id: int, linked: int, minutes: float = 5, **fields: Any) -> Record:
    elevated = "%%1842" if logon_id == ELEVATED else "%%1843"
    return logon(record, minutes, logon_id, TargetLinkedLogonId=hex(linked), ElevatedToken=elevated, **fields)


def privileges(record: int, logon_id: int = ELEVATED, minutes: float = 5) -> Record:
    return security(record, minutes, 4672, SubjectUserName="alice", SubjectUserSid=SID, SubjectLogonId=hex(logon_id))


def old(record: int, logon_id: int, seconds: float = 0.0, **fields: Any) -> Record:
    """A 4624 of before Windows 10, which does not name the twin."""
    given = logon(record, 5 + seconds / 60, logon_id, **fields)
    return Record(4624, record, given.time, given.fields, version=1)


def closed(record: int, minutes: float, logon_id: int, **fields: Any) -> Record:
    return security(record, minutes, 4634, **{"LogonType": 2, **named(logon_id), **fields})


def asked(record: int, minutes: float, logon_id: int = LIMITED) -> Record:
    return security(record, minutes, 4647, **named(logon_id))


PAIR = (token(2, ELEVATED, LIMITED), token(3, LIMITED, ELEVATED), privileges(4))


def found(folder: Path, *records: Record) -> list[Session]:
    with rebuilt(folder, START, *records) as con:
        return sessions(con)


@pytest.mark.parametrize("pair", [PAIR, (token(2, LIMITED, ELEVATED), token(3, ELEVATED, LIMITED), privileges(4))])
def test_a_pair_is_one_session_and_signs_out_by_its_limited_token(pair: tuple[Record, ...], tmp_path: Path) -> None:
    (session,) = found(tmp_path, *pair, asked(5, 60), closed(6, 60.1, LIMITED))
    assert (session.logon_ids, session.privileged) == ((LIMITED, ELEVATED), True)
    assert (session.end, session.destroyed, session.end_evidence) == (at(60), at(60.1), "4647+4634")


@pytest.mark.parametrize("logon_id", [LIMITED, ELEVATED])
def test_the_end_of_either_token_ends_the_session(logon_id: int, tmp_path: Path) -> None:
    (session,) = found(tmp_path, *PAIR, closed(5, 60, logon_id))
    assert (session.end, session.end_evidence, session.grade) == (at(60), "4634", "A")


@pytest.mark.parametrize(
    "second",
    [
        token(3, LIMITED, 0xB9),
        token(3, LIMITED, ELEVATED, TargetUserName="bob", TargetUserSid=SID + "9"),
    ],
    ids=["names another one", "another account"],
)
def test_tokens_that_do_not_agree_are_two_sessions(second: Record, tmp_path: Path) -> None:
    both = found(tmp_path, token(2, ELEVATED, LIMITED), second)
    assert sorted(session.logon_ids for session in both) == [(LIMITED,), (ELEVATED,)]


def test_a_logon_that_names_itself_is_one_session(tmp_path: Path) -> None:
    (session,) = found(tmp_path, token(2, LIMITED, LIMITED), asked(3, 60))
    assert (session.logon_ids, session.end) == ((LIMITED,), at(60))


def test_a_logon_without_a_twin_is_one_session(tmp_path: Path) -> None:
    (session,) = found(tmp_path, token(2, LIMITED, 0), asked(3, 60))
    assert (session.logon_ids, session.privileged) == ((LIMITED,), False)


def test_the_logon_record_of_the_limited_token_is_missing(tmp_path: Path) -> None:
    """The elevated one names it, and only it signs out."""
    (session,) = found(tmp_path, token(2, ELEVATED, LIMITED), privileges(3), asked(5, 60))
    assert (session.logon_ids, session.start, session.end) == ((LIMITED, ELEVATED), at(5), at(60))
    assert "token-missing" in session.flags
    assert "truncated" not in session.flags


def test_both_logon_records_are_missing(tmp_path: Path) -> None:
    (session,) = found(tmp_path, asked(2, 60), closed(3, 60.1, LIMITED), closed(4, 60.1005, ELEVATED))
    assert (session.start, session.grade, session.end) == (None, "T", at(60))
    assert session.logon_ids == (LIMITED, ELEVATED)


@pytest.mark.parametrize(
    "second",
    [closed(4, 62, ELEVATED), closed(4, 60.1, ELEVATED, TargetUserName="bob", TargetUserSid=SID + "9"),
     closed(4, 60.1, ELEVATED, LogonType=10), closed(6, 60.1, ELEVATED)],
    ids=["later", "another account", "another type", "not neighbours"],
)  # fmt: skip
def test_ends_that_do_not_belong_together(second: Record, tmp_path: Path) -> None:
    assert len(found(tmp_path, closed(3, 60.1, LIMITED), second)) == 2


@pytest.mark.parametrize(
    ("records", "count"),
    [
        ([old(2, LIMITED), old(3, ELEVATED), privileges(4)], 1),
        ([old(2, LIMITED), old(3, ELEVATED), security(4, 6, 4776), security(5, 6, 4776)], 2),
        ([old(2, LIMITED), old(3, ELEVATED)], 1),
        ([old(2, LIMITED), old(3, ELEVATED, 0.2), privileges(4)], 2),
        ([old(2, LIMITED), old(5, ELEVATED), privileges(6)], 2),
        ([old(2, LIMITED), old(3, ELEVATED, LogonType=11), privileges(4)], 2),
        ([old(2, LIMITED), old(3, ELEVATED), privileges(4), closed(5, 60, LIMITED), closed(6, 61, ELEVATED)], 2),
        ([old(2, LIMITED), old(3, ELEVATED), privileges(4), closed(5, 60, LIMITED), closed(6, 60.01, ELEVATED)], 1),
    ],
    ids=[
        "next to each other",
        "neither has rights",
        "the records after it are missing, a 4672 perhaps",
        "not at the same moment",
        "records apart",
        "another type",
        "closed at different times",
        "closed together",
    ],
)
def test_before_windows_10_twins_are_told_by_their_place(records: list[Record], count: int, tmp_path: Path) -> None:
    assert len(found(tmp_path, *records, NOTE)) == count


def test_a_lone_end_of_a_twin_is_the_end_of_both(tmp_path: Path) -> None:
    (session,) = found(tmp_path, old(2, LIMITED), old(3, ELEVATED), privileges(4), closed(5, 60, LIMITED))
    assert (session.logon_ids, session.end) == ((LIMITED, ELEVATED), at(60))


HOLE_AT_THE_LOGON = (old(2, ELEVATED), privileges(4))
BOTH_CLOSED = (closed(6, 60, LIMITED), closed(7, 60.001, ELEVATED))


def test_before_windows_10_the_logon_record_of_one_token_is_missing(tmp_path: Path) -> None:
    """Windows closes both side by side; so it does what was started from one session, at another time perhaps."""
    sessions = found(tmp_path, *HOLE_AT_THE_LOGON, security(5, 10, 4776), *BOTH_CLOSED)
    known, unsure = sorted(sessions, key=lambda session: session.logon_ids, reverse=True)
    assert (known.logon_ids, known.start, known.end, known.flags) == ((ELEVATED,), at(5), at(60.001), ("gap",))
    assert (unsure.logon_ids, unsure.start, unsure.end) == ((LIMITED,), None, at(60))
    assert "twin-unsure" in unsure.flags


def test_a_4672_beside_the_logon_of_the_other_names_the_token_of_which_the_logon_is_missing(tmp_path: Path) -> None:
    (session,) = found(tmp_path, old(3, LIMITED), privileges(4), security(5, 10, 4776), *BOTH_CLOSED)
    assert (session.logon_ids, session.privileged) == ((LIMITED, ELEVATED), True)
    assert "tokens-unsure" not in session.flags


@pytest.mark.parametrize(
    ("last", "is_told"),
    [
        (closed(6, 60, LIMITED), True),
        (closed(6, 60, LIMITED, LogonType=10), False),
        (closed(6, 60, LIMITED, TargetUserSid="S-1-5-21-1-2-3-9", TargetUserName="bob"), False),
    ],
    ids=["alone", "another type", "another person"],
)
def test_an_end_alone_may_be_that_of_a_second_token(last: Record, is_told: bool, tmp_path: Path) -> None:
    sessions = found(tmp_path, *HOLE_AT_THE_LOGON, security(5, 10, 4776), last, security(8, 70, 4776))
    assert [session.logon_ids for session in sessions if "twin-unsure" in session.flags] == [(LIMITED,)] * is_told


def test_nothing_is_missing_where_the_other_was_logged_on(tmp_path: Path) -> None:
    whole = (old(2, ELEVATED), privileges(3), *(security(record, 10, 4776) for record in (4, 5)))
    assert len(found(tmp_path, *whole, *BOTH_CLOSED)) == 2


@pytest.mark.parametrize("missing", ["before", "after"])
def test_of_ends_beside_a_hole_it_is_not_said_that_they_are_of_one_logon(missing: str, tmp_path: Path) -> None:
    first = 3 if missing == "before" else 2
    ends = (closed(first, 60, LIMITED), closed(first + 1, 60.001, ELEVATED))
    (session,) = found(tmp_path, *ends, security(first + 3, 70, 4776))
    assert session.logon_ids == (LIMITED, ELEVATED)
    assert "tokens-unsure" in session.flags


def test_of_two_tokens_only_one_has_rights(tmp_path: Path) -> None:
    rights = (privileges(2, LIMITED, 10), privileges(4, ELEVATED, 20))
    assert len(found(tmp_path, *rights, security(5, 30, 4776), *BOTH_CLOSED, security(8, 70, 4776))) == 2


def test_the_log_ends_where_the_4672_of_one_of_two_tokens_would_be(tmp_path: Path) -> None:
    (session,) = found(tmp_path, old(2, LIMITED), old(3, ELEVATED))
    assert session.logon_ids == (LIMITED, ELEVATED)


def test_an_account_that_gets_one_token_has_no_twins(tmp_path: Path) -> None:
    """Its own logon record names none: two ends are two sessions."""
    ends = (closed(2, 60, LIMITED), closed(3, 60.001, ELEVATED))
    assert len(found(tmp_path, *ends, token(4, 0xB1, 0, minutes=70))) == 3
