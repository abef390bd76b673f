"""Pieces of SQL with their bound values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition: text with ``?`` for every value, and the values. Nothing that was typed is in the text."""

    text: str
    parameters: tuple[Any, ...] = ()


TRUE = Sql("true")
FALSE = Sql("false")


def among(column: str, codes: Sequence[int], kind: str = "INTEGER") -> Sql:
    """A column holds one of some numbers."""
    if not codes:
        return FALSE
    return Sql(f"{column} IN (SELECT unnest(?::{kind}[]))", (list(codes),))


def any_of(parts: Iterable[Sql]) -> Sql:
    """One of the conditions holds."""
    return _joined(parts, " OR ", FALSE)


def all_of(parts: Iterable[Sql]) -> Sql:
    """All conditions hold."""
    return _joined(parts, " AND ", TRUE)


def _joined(parts: Iterable[Sql], word: str, nothing: Sql) -> Sql:
    kept = [part for part in parts if part != nothing]
    if not kept:
        return nothing
    if len(kept) == 1:
        return kept[0]
    return Sql(
        "(" + word.join(part.text for part in kept) + ")", tuple(value for part in kept for value in part.parameters)
    )


def negated(part: Sql) -> Sql:
    """The condition does not hold; what cannot be told (NULL) does not hold either way, so it counts here."""
    return Sql(f"NOT coalesce(({part.text}), false)", part.parameters)


def sessions_with_event(part: Sql) -> Sql:
    """A condition on events, turned into one on sessions: one of the session's records fits."""
    return Sql(
        f"s.session_id IN (SELECT x.session_id FROM session_event x JOIN event e ON e.row = x.row WHERE {part.text})",
        part.parameters,
    )


def events_of_session(part: Sql) -> Sql:
    """A condition on sessions, turned into one on events: the event belongs to a session that fits."""
    return Sql(
        "e.row IN (SELECT x.row FROM session_event x WHERE x.session_id IN"
        f" (SELECT s.session_id FROM session s WHERE {part.text}))",
        part.parameters,
    )


def machines_with_session(part: Sql, target: str) -> Sql:
    """A condition on sessions, turned into one on boots (of any fitting session) or on coverage (of its machine)."""
    if target == "boot":
        return Sql(
            f"(b.machine, b.number) IN (SELECT (s.machine, s.boot) FROM session s WHERE {part.text})", part.parameters
        )
    return Sql(f"c.machine IN (SELECT s.machine FROM session s WHERE {part.text})", part.parameters)
