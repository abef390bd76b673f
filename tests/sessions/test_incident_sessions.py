"""The bundled incident: every true session is found, exactly as it was, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.demo.incident import Incident, build_incident
from logonscope.facts import session_facts
from logonscope.sessions.story import story
from support.truth import by_key, contradictions, rebuilt_sessions, true_key

if TYPE_CHECKING:
    from logonscope.model import Session
    from support.truth import Key


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Incident:
    return build_incident(tmp_path_factory.mktemp("incident"))


@pytest.fixture(scope="module")
def found(incident: Incident, tmp_path_factory: pytest.TempPathFactory) -> dict[Key, Session]:
    return by_key(rebuilt_sessions(incident.folder, tmp_path_factory.mktemp("work")))


def test_every_session_is_found_and_no_other(incident: Incident, found: dict[Key, Session]) -> None:
    of_windows_itself = {key for key, session in found.items() if session.account_kind == "virtual"}
    assert {true_key(session) for session in incident.sessions} == set(found) - of_windows_itself


def test_nothing_that_was_found_is_wrong(incident: Incident, found: dict[Key, Session]) -> None:
    wrong = {true_key(session): contradictions(found[true_key(session)], session) for session in incident.sessions}
    assert {key: differences for key, differences in wrong.items() if differences} == {}


def test_presence_of_the_interrupted(incident: Incident, found: dict[Key, Session]) -> None:
    """Each hourly interruption is an absence of its session, not the end of it."""
    facts = incident.facts
    days = [day.date() for day in facts.interruption_days]
    hit = [
        (found[true_key(session)], session)
        for session in incident.sessions
        if session.machine == "TS01" and session.logon_type == 10 and session.start.date() in days
    ]
    assert sorted(session.account.name for _, session in hit) == sorted(facts.interrupted_users * len(days))
    for rebuilt, session in hit:
        assert len(session.away) >= len(facts.interruption_hours)
        assert session.active is not None
        assert rebuilt.active == round(session.active.total_seconds() * 1_000_000)


def test_entry_of_the_attacker(incident: Incident, found: dict[Key, Session]) -> None:
    facts = incident.facts
    entry = next(session for key, session in found.items() if key[2] == facts.entry_logon_ids)
    assert (entry.account.name, entry.source_ip, entry.logon_type) == (facts.broken_account, facts.attacker_ip, 10)
    assert entry.start == facts.entry_at.replace(tzinfo=None)
    assert "gap" in entry.flags, "the log was cleared while it lasted"
    borrowed = next(session for key, session in found.items() if key[2] == (facts.netonly_logon_id,))
    assert (borrowed.role, borrowed.parent) == ("secondary", entry.session_id)


def test_presence_is_told_as_far_as_it_was_audited(incident: Incident, found: dict[Key, Session]) -> None:
    """The terminal server records disconnects but no locks, the workstation both."""
    told = {}
    for machine, presence in (("TS01", "disconnect"), ("WS01", "disconnect+lock")):
        session = next(
            s for key, s in found.items() if key[0] == machine and s.presence == presence and s.logon_type in (2, 10)
        )
        told[machine] = " ".join([*story(session), *(fact.text for fact in session_facts(session, []))])
    assert "ocks are not audited here" in told["TS01"]
    assert "not locked for" not in told["TS01"]
    assert "not audited" not in told["WS01"]
