"""Pieces of SQL with their bound values."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition: text with ``?`` for every value, and the values. Nothing that was typed is in the text."""

    text: str
    parameters: tuple[Any, ...] = ()
    takes_lists: bool = False
    """It only asks whether columns hold one of some values: with one of others, it is the same with longer lists."""


_MOST_IN_A_ROW = 16
_MOST_COMPARED, _MOST_LISTED = 2, 6
"""Comparisons with so many values are quicker than bits, and with so many than a look into a table of them; they skip
what cannot hold any."""
_SMALL = frozenset({"INTEGER", "UINTEGER", "UTINYINT"})
"""Kinds of numbers that differ by what a BIGINT holds, whatever they are."""
_BITS = 63
"""Numbers that differ by less are asked for together, by one bit each."""
_NO_SUCH_VALUE = re.compile(r"NOT coalesce\(\((\S+) IN \((\?::\w+)\)\), false\)")
"""Of a column that is compared with one value; asked in one step it takes half the time."""
_VALUE = re.compile(r"(?P<column>[\w.]+) IN \(SELECT unnest\(\?::(?P<kind>\w+)\[\]\)\)|\?")
TRUE = Sql("true")
FALSE = Sql("false")


def among(column: str, codes: Sequence[int], kind: str = "INTEGER") -> Sql:
    """A column holds one of some numbers."""
    if not codes:
        return FALSE
    return Sql(f"{column} IN (SELECT unnest(?::{kind}[]))", (list(codes),), takes_lists=True)


def any_of(parts: Iterable[Sql]) -> Sql:
    """One of the conditions holds."""
    found = _merged(parts)
    return replace(_joined(found, " OR ", FALSE), takes_lists=all(part.takes_lists for part in found) and bool(found))


def all_of(parts: Iterable[Sql]) -> Sql:
    """All conditions hold."""
    found = list(parts)
    return FALSE if FALSE in found else _joined(found, " AND ", TRUE)


def _merged(parts: Iterable[Sql]) -> list[Sql]:
    """The conditions, those that differ only in their lists made one: a thousand addresses are one question."""
    merged: dict[object, Sql] = {}
    for place, part in enumerate(parts):
        key = part.text if part.takes_lists else place
        same = merged.get(key)
        if same is not None:
            lists = zip(same.parameters, part.parameters, strict=True)
            part = replace(part, parameters=tuple([*one, *other] for one, other in lists))
        merged[key] = part
    return [part for part in merged.values() if part != FALSE]


def _joined(parts: list[Sql], word: str, nothing: Sql) -> Sql:
    """Join by halves: the database does not take a thousand conditions in one row."""
    kept = [part for part in parts if part != nothing]
    if len(kept) < 2:
        return kept[0] if kept else nothing
    if len(kept) > _MOST_IN_A_ROW:
        half = len(kept) // 2
        kept = [_joined(kept[:half], word, nothing), _joined(kept[half:], word, nothing)]
    return Sql(
        "(" + word.join(part.text for part in kept) + ")", tuple(value for part in kept for value in part.parameters)
    )


def negated(part: Sql) -> Sql:
    """The condition does not hold; what cannot be told (NULL) does not hold either way, so it counts here."""
    return Sql(f"NOT coalesce(({part.text}), false)", part.parameters)


def with_short_lists(part: Sql) -> Sql:
    """The same condition; lists that are final, and short or of numbers that differ little, become comparisons."""
    waiting = iter(part.parameters)
    values: list[Any] = []

    def written(match: re.Match[str]) -> str:
        value, column, kind = next(waiting), match["column"], match["kind"]
        if column and len(value) > _MOST_COMPARED and kind in _SMALL and max(value) - (least := min(value)) < _BITS:
            values.extend((sum(1 << number - least for number in set(value)), least))
            return f"(((?::BIGINT >> ({column}::BIGINT - ?::BIGINT)) & 1) = 1)"
        if column and len(value) <= _MOST_LISTED:
            values.extend(value)
            return f"{column} IN (" + ", ".join([f"?::{kind}"] * len(value)) + ")"
        values.append(value)
        return match[0]

    return Sql(_NO_SUCH_VALUE.sub(r"\1 IS DISTINCT FROM \2", _VALUE.sub(written, part.text)), tuple(values))


def sessions_with_event(part: Sql) -> Sql:
    """A condition on events, turned into one on sessions: one of the session's records fits."""
    if part == FALSE:
        return FALSE
    return Sql(
        f"s.session_id IN (SELECT x.session_id FROM session_event x JOIN event e ON e.row = x.row WHERE {part.text})",
        part.parameters,
        part.takes_lists,
    )


def events_of_session(part: Sql) -> Sql:
    """A condition on sessions, turned into one on events: the event belongs to a session that fits."""
    if part == FALSE:
        return FALSE
    return Sql(
        "e.row IN (SELECT x.row FROM session_event x WHERE x.session_id IN"
        f" (SELECT s.session_id FROM session s WHERE {part.text}))",
        part.parameters,
        part.takes_lists,
    )


def machines_with_session(part: Sql, target: str) -> Sql:
    """A condition on sessions, turned into one on boots (of any fitting session) or on coverage (of its machine)."""
    if part == FALSE:
        return FALSE
    if target == "boot":
        return Sql(
            f"(b.machine, b.number) IN (SELECT (s.machine, s.boot) FROM session s WHERE {part.text})",
            part.parameters,
            part.takes_lists,
        )
    return Sql(f"c.machine IN (SELECT s.machine FROM session s WHERE {part.text})", part.parameters, part.takes_lists)
