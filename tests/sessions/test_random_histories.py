"""Machines that live through random but lawful histories: what is rebuilt from their logs is never wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logonscope.demo.evtx_writer import write_log
from logonscope.demo.flavour import FLAVOURS, MachineSetup
from support.histories import channels, lived
from support.truth import by_key, contradictions, rebuilt_sessions, true_key

if TYPE_CHECKING:
    from logonscope.demo.truth import TrueSession
    from logonscope.model import Session
    from support.truth import Key

STEPS = 40
# The same histories every time: a new one that fails is for a developer's own longer run to find.
lives = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def setups(*, audits_logoff: bool) -> st.SearchStrategy[MachineSetup]:
    return st.builds(
        MachineSetup,
        name=st.just("WS01"),
        flavour=st.sampled_from(FLAVOURS),
        audits_desktop=st.booleans(),
        audits_logoff=st.just(audits_logoff),
        channels=channels,
    )


def rebuilt(
    setup: MachineSetup, choices: st.DataObject, *without: str
) -> tuple[dict[Key, Session], dict[Key, TrueSession]]:
    """The rebuilt sessions that are not Windows' own, and the true ones that a log can show."""
    machine = lived(setup, choices, STEPS, {"clear_log", *without})
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder) / "logs"
        logs.mkdir()
        for name, records in machine.files().items():
            write_log(logs / name, records)
        found = by_key(rebuilt_sessions(logs, Path(folder)))
    lost = {true_key(session) for session in machine.truth() if session.evidence_lost}
    true = {true_key(session): session for session in machine.truth()}
    shown = {key: session for key, session in found.items() if session.account_kind != "virtual" and key not in lost}
    return shown, {key: session for key, session in true.items() if key not in lost}


def wrong(found: dict[Key, Session], true: dict[Key, TrueSession]) -> dict[Key, dict[str, tuple[Any, Any]]]:
    differences = {key: contradictions(found[key], session) for key, session in true.items()}
    return {key: difference for key, difference in differences.items() if difference}


@lives
@given(setups(audits_logoff=True), st.data())
def test_every_session_as_it_was(setup: MachineSetup, choices: st.DataObject) -> None:
    found, true = rebuilt(setup, choices)
    assert set(found) == set(true)
    assert wrong(found, true) == {}


@lives
@given(setups(audits_logoff=False), st.data())
def test_no_end_is_claimed_that_was_not_recorded(setup: MachineSetup, choices: st.DataObject) -> None:
    """Without 4634 a cached unlock can't be told from a logon, so there may be sessions too many."""
    found, true = rebuilt(setup, choices, "set_clock")
    assert set(true) <= set(found)
    assert wrong(found, true) == {}
