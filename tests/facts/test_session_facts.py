"""A session in full: how long it lasted and how that is known, its presence, its gaps, its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.columns import SESSION_COLUMNS
from logonscope.facts import session_facts
from logonscope.facts.citation import citation
from logonscope.facts.evidence import EVIDENCE_COLUMNS, evidence_line, gap_line
from logonscope.facts.timeline import Timeline
from logonscope.model import Account, Evidence
from logonscope.sessions.story import story
from support.made import EIGHT, HOUR, NOON, made_event, made_mark, made_session, made_source

if TYPE_CHECKING:
    from logonscope.model import Session

HOSTILE = "bob[/admin]\x1b[31m\u202e"


def cell(session: Session, title: str) -> str:
    return next(column for column in SESSION_COLUMNS if column.title == title).text(session)


def facts_text(session: Session, **known: Any) -> str:
    return "\n".join(f"{fact.name}: {fact.text} {fact.meaning}" for fact in session_facts(session, [], **known))


@pytest.mark.parametrize(
    ("least", "most", "shown", "told"),
    [
        (4 * HOUR, 4 * HOUR, "4h 00m", "It lasted 4h 00m."),
        (2 * HOUR + HOUR // 12, None, ">=2h 05m", "It lasted at least 2h 05m."),
        (HOUR, 5 * HOUR // 2, "1h..3h", "It lasted between 1h 00m and 2h 30m."),
        (None, HOUR, "<=1h", "It lasted at most 1h 00m."),
        (None, None, "-", ""),
    ],
)
def test_a_duration_is_a_value_or_limits(least: int | None, most: int | None, shown: str, told: str) -> None:
    session = made_session(duration_least=least, duration_most=most)
    assert cell(session, "Lasted") == shown
    assert [sentence for sentence in story(session) if sentence.startswith("It lasted")] == ([told] if told else [])
    assert f"Lasted: {shown}" in facts_text(session)


def test_an_end_that_is_a_range_is_told_as_one() -> None:
    session = made_session(end_earliest=EIGHT, end_latest=NOON, end_evidence="crash", grade="D")
    told = facts_text(session)
    assert "End: 2026-03-02 08:00:00 to 2026-03-02 12:00:00 grade D, only known to lie in a range" in told


def test_a_start_before_the_log_is_told_as_a_limit() -> None:
    session = made_session(start=None, start_evidence="before-log", start_earliest=None)
    assert "Start: 2026-03-02 08:00:00 at the latest" in facts_text(session)


def test_an_open_session_is_told_as_such() -> None:
    session = made_session(end=None, end_evidence="open", end_latest=None, grade="-", duration_most=None)
    assert "End: after 2026-03-02 12:00:00, where the log ends grade -" in facts_text(session)
    assert cell(session, "Lasted") == ">=4h 00m"


def test_the_source_is_told_with_the_record_that_names_it() -> None:
    told = facts_text(made_session(source_ip="10.0.0.9", source_evidence="131"))
    assert "Source address: 10.0.0.9" in told
    assert "(131)" in told


def test_a_visit_is_told_as_contacts() -> None:
    visit = made_session(role="visit", logon_class="visit", logon_type=3, attached=1214, logon_ids=())
    assert [cell(visit, title) for title in ("Type", "How it ended", "Tokens")] == ["visit", "1,214 contacts", "0"]
    assert any(sentence.startswith("1,214 contacts, taken together") for sentence in story(visit))
    assert not any(isinstance(fact, Timeline) for fact in session_facts(visit, []))


def test_records_are_named_with_file_channel_and_record_id() -> None:
    records = [(Evidence("ask", 7), made_event()), (Evidence("of a later version", 7), made_event())]
    asked, unknown = session_facts(made_session(), records, sources={1: made_source()})[-3:-1]
    assert asked.name == "asked to sign out"
    assert asked.text.endswith("(Security.evtx, Security, record 1234)")
    assert unknown.name == "of a later version"


def test_more_records_than_are_listed_are_counted() -> None:
    assert session_facts(made_session(event_count=9), [])[-1].text == "... and 9 more records: press e for all of them"


def test_gaps_are_told() -> None:
    told = facts_text(made_session(), gaps=[made_mark()])
    assert "What the logs lack meanwhile (1)" in told
    assert "Missing from the run of record IDs between 2026-03-02 08:00:00 and 2026-03-02 12:00:00: 3 records." in told


def test_a_citation_is_exact() -> None:
    assert citation(made_event(), made_source()) == (
        "/evidence/Security.evtx, Security, EventRecordID 1234, event 4647, 2026-03-02T12:00:00.0000003Z"
    )


def test_evidence_and_gaps_as_lines() -> None:
    line = evidence_line(Evidence("ask", 7), made_event(), {1: made_source()})
    cells = {column.title: column.text(line) for column in EVIDENCE_COLUMNS}
    assert cells["It shows"] == "asked to sign out"
    assert (cells["File"], cells["Channel"], cells["Record"]) == ("Security.evtx", "Security", "1234")
    assert gap_line(made_mark()).tone == "warn"


def test_names_are_harmless() -> None:
    account = Account("S-1-5-21-9", HOSTILE, HOSTILE)
    session = made_session(account=account, machine=HOSTILE, key=HOSTILE, source_ip=HOSTILE, workstation=HOSTILE)
    event = made_event(channel=HOSTILE, account=account, target=account)
    mark = made_mark(text=HOSTILE, channel=HOSTILE, machine=HOSTILE)
    source = made_source(f"/evidence/{HOSTILE}")
    facts = session_facts(session, [(Evidence("ask", 7), event)], gaps=[mark], sources={1: source})
    lines = [evidence_line(Evidence("ask", 7), event, {1: source}), gap_line(mark)]
    texts = [part for fact in facts for part in (fact.name, fact.text, fact.meaning)]
    texts += [column.text(line) for line in lines for column in EVIDENCE_COLUMNS]
    texts += [line.cited for line in lines]
    assert [text for text in texts if not text.isprintable()] == []
    assert sum("bob[/admin]\\x1b[31m\\u202e" in text for text in texts) > 8
