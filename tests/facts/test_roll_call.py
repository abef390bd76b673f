"""Who was on at one moment, in lines: what is certain, what is possible and why, and how far the logs reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.errors import FilterError
from logonscope.facts.roll_call import ROLL_CALL_COLUMNS, moment, roll_call, sentence, summary
from logonscope.knowledge.attendance import attendance_words
from logonscope.model import Account, Attendance, MachineAt
from support.made import EIGHT, NOON, made_mark, made_session, made_who

if TYPE_CHECKING:
    from logonscope.facts.roll_call import RollCallLine

HOSTILE = "bob[/admin]\x1b[31m\u202e"


def alice(state: str = "present", *reasons: str, **changes: Any) -> Attendance:
    return Attendance(made_session(**changes), state, reasons)


def cells(line: RollCallLine) -> dict[str, str]:
    return {column.title: column.text(line) for column in ROLL_CALL_COLUMNS}


def test_who_was_certainly_on() -> None:
    line, machine = roll_call(made_who(certain=(alice(),)))
    assert cells(line)["Was on"] == "on"
    assert cells(line)["State"] == "present"
    assert sentence(line) == "ALDER\\alice on WS1: present, 2 CONSOLE since 2026-03-02 08:00 from -, grade A."
    assert "Nobody seen" not in sentence(machine)


def test_nobody_on_says_what_the_log_covers() -> None:
    (line,) = roll_call(made_who())
    assert sentence(line) == (
        "WS1: running. Boot 1. Nobody seen. Its records reach from 2026-03-02 08:00:00 to 2026-03-02 12:00:00."
    )


def test_nobody_on_where_the_log_does_not_reach_says_so() -> None:
    machine = MachineAt("WS1", "unknown", None, False, EIGHT, NOON, (made_mark("cleared", text="eve"),))
    who = made_who(machines=(machine,))
    (line,) = roll_call(who)
    assert "this time is not covered. The Security log was cleared at 2026-03-02 08:00:00 by eve." in sentence(line)
    assert line.tone == "warn"
    assert summary(who)[1] == "Not covered at that time: WS1. That nobody was seen there says nothing."


@pytest.mark.parametrize("reason", attendance_words().possibly)
def test_why_somebody_was_only_possibly_on(reason: str) -> None:
    line = roll_call(made_who(possible=(alice("present", reason),)))[0]
    assert line.part == "possibly"
    assert line.remark
    assert "{" not in line.remark


@pytest.mark.parametrize("state", attendance_words().state)
def test_what_is_not_audited_is_said(state: str) -> None:
    line = roll_call(made_who(certain=(alice(state),)))[0]
    assert ("not audited" in line.remark) == (state in ("connected", "on"))


def test_how_many_were_on_at_once() -> None:
    who = made_who(certain=(alice(),), possible=(alice(), alice()), contacts_total=1200, work_total=1)
    assert summary(who) == [
        "1 stay of people for certain, up to 3 at once with those that are only possible;"
        " 1,200 contacts over the network; 1 task, service or system session."
    ]


def test_what_is_not_listed_is_counted() -> None:
    contact = alice(logon_class="contact")
    lines = roll_call(made_who(contacts=(contact,), contacts_total=900))
    assert [line.part for line in lines] == ["machine", "contact", "more"]
    assert "899 more" in sentence(lines[-1])


def test_one_account_from_two_places() -> None:
    one, other = made_session(source_ip="10.0.0.9"), made_session(machine="TS1", source_ip="203.0.113.7")
    line = roll_call(made_who(overlaps=((one, other),)))[0]
    assert (line.part, line.session, line.tone) == ("twice", other, "warn")
    assert "On WS1 from 10.0.0.9 and on TS1 from 203.0.113.7 at the same time" in sentence(line)


def test_a_session_that_began_before_the_log() -> None:
    line = roll_call(made_who(possible=(alice("present", "began before", start=None),)))[0]
    assert line.since == "before the log"


def test_names_are_harmless() -> None:
    session = made_session(account=Account("S-1-5-21-9", HOSTILE, HOSTILE), machine=HOSTILE, workstation=HOSTILE)
    machine = MachineAt(HOSTILE, "running", 1, False, EIGHT, NOON, (made_mark(text=HOSTILE),))
    who = replace(
        made_who(machines=(machine,), overlaps=((session, session),)), certain=(Attendance(session, "present", ()),)
    )
    lines = roll_call(who)
    texts = [*summary(who), *map(sentence, lines), *(text for line in lines for text in cells(line).values())]
    assert [text for text in texts if not text.isprintable()] == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-02", datetime(2026, 3, 2)),
        ("2026-03-02 10:00", datetime(2026, 3, 2, 10)),
        ("2026-03-02 10:00:00.123456", datetime(2026, 3, 2, 10, 0, 0, 123456)),
        ("-2h", datetime(2026, 3, 2, 10)),
        ("2 Mar 2026 11:00 +01:00", datetime(2026, 3, 2, 10)),
    ],
)
def test_the_time_of_the_question(text: str, at: datetime) -> None:
    assert moment(text, NOON) == at


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01"])
def test_a_mistake_in_the_time_has_its_place(text: str) -> None:
    with pytest.raises(FilterError) as caught:
        moment(text, NOON)
    assert (caught.value.start, caught.value.stop) == (0, len(text))
