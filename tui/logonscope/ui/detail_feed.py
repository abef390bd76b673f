"""Feeds the detail pane: asks for the facts of the row under the cursor when the cursor has come to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.facts import event_facts, logon_type_facts, session_facts
from logonscope.knowledge.logon_types import logon_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case
    from logonscope.model import Fact
    from logonscope.ui.questions import Asking, Questions

_EVIDENCE_SHOWN = 200

Facts = tuple["Fact", ...]


def ask_event(
    questions: Questions, case: Case, row: int, use: Callable[[Facts], None], failed: Callable[[Exception], None]
) -> None:
    """Ask for the facts of an event."""

    def question(asking: Asking) -> Facts:
        found = case.events([row])
        if not found or asking.is_stale():
            return ()
        source = next((source for source in case.sources if source.number == found[0].source), None)
        return event_facts(found[0], source)

    questions.ask("detail", question, use, failed)


def ask_session(
    questions: Questions, case: Case, session_id: int, use: Callable[[Facts], None], failed: Callable[[Exception], None]
) -> None:
    """Ask for the facts of a session, with its first records."""

    def question(asking: Asking) -> Facts:
        found = case.sessions([session_id])
        if not found or asking.is_stale():
            return ()
        evidence = case.evidence(session_id)[:_EVIDENCE_SHOWN]
        events = {event.row: event for event in case.events(list({entry.row for entry in evidence}))}
        return session_facts(found[0], [(entry, events[entry.row]) for entry in evidence if entry.row in events])

    questions.ask("detail", question, use, failed)


def logon_type_detail(number: int, counts: dict[int, tuple[int, int]]) -> Facts:
    """The facts of a logon type; known without asking."""
    entry = logon_types().get(number)
    return logon_type_facts(entry, *counts.get(number, (0, 0))) if entry else ()
