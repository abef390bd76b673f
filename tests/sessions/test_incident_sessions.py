"""The bundled incident: every true session is found, exactly as it was, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.demo.incident import Incident, build_incident
from logonscope.facts.session import session_facts
from logonscope.sessions.story import story
from support.scoring import Found, Truth, load, score

if TYPE_CHECKING:
    from logonscope.model import Session


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Incident:
    return build_incident(tmp_path_factory.mktemp("incident"))


@pytest.fixture(scope="module")
def found(incident: Incident, tmp_path_factory: pytest.TempPathFactory) -> list[Found]:
    return load(incident.folder, tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def truth(incident: Incident) -> Truth:
    """The log that was cleared had been archived a moment before, so that everything has to be known."""
    return Truth(incident.sessions, whole=incident.machines)


def test_every_session_is_as_it_was(found: list[Found], truth: Truth) -> None:
    scored = score(found, truth)
    assert scored.contradictions == []
    assert scored.counts["stays found"] + scored.counts["others found"] == len(truth.sessions) == len(found)
    assert scored.counts["attachments right"] > 100
    assert scored.counts["attachments missing"] == 0


def test_presence_of_the_interrupted(incident: Incident, found: list[Found], truth: Truth) -> None:
    """Each hourly interruption is an absence of its session, not the end of it."""
    facts = incident.facts
    days = [day.date() for day in facts.interruption_days]
    pairs = [(rebuilt.session, truth.session_of(rebuilt)) for rebuilt in found]
    hit = [
        (rebuilt, true)
        for rebuilt, true in pairs
        if true.machine == "TS01" and true.logon_type == 10 and true.start.date() in days
    ]
    assert sorted(true.account.name for _, true in hit) == sorted(facts.interrupted_users * len(days))
    for rebuilt, true in hit:
        assert len(true.away) >= len(facts.interruption_hours)
        assert true.active is not None
        assert rebuilt.active == round(true.active.total_seconds() * 1_000_000)


def with_ids(found: list[Found], machine: str, logon_ids: tuple[int, ...]) -> Session:
    return next(
        rebuilt.session
        for rebuilt in found
        if rebuilt.session.machine.startswith(machine) and rebuilt.session.logon_ids == logon_ids
    )


def test_entry_of_the_attacker(incident: Incident, found: list[Found]) -> None:
    facts = incident.facts
    entry = with_ids(found, "TS01", facts.entry_logon_ids)
    assert (entry.account.name, entry.source_ip, entry.logon_type) == (facts.broken_account, facts.attacker_ip, 10)
    assert entry.start == facts.entry_at.replace(tzinfo=None)
    assert "gap" in entry.flags, "the log was cleared while it lasted"
    borrowed = with_ids(found, "TS01", (facts.netonly_logon_id,))
    assert (borrowed.role, borrowed.parent) == ("secondary", entry.session_id)


def test_presence_is_told_as_far_as_it_was_audited(found: list[Found]) -> None:
    """The terminal server records disconnects but no locks, the workstation both."""
    told = {}
    for machine, presence in (("TS01", "disconnect"), ("WS01", "disconnect+lock")):
        session = next(
            rebuilt.session
            for rebuilt in found
            if rebuilt.session.machine.startswith(machine) and rebuilt.session.presence == presence and rebuilt.is_stay
        )
        told[machine] = " ".join([*story(session), *(fact.text for fact in session_facts(session, []))])
    assert "ocks are not audited here" in told["TS01"]
    assert "not locked for" not in told["TS01"]
    assert "not audited" not in told["WS01"]
