"""One value of one field -> a condition on events, on sessions, or on both."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING

from logonscope.display import microseconds
from logonscope.errors import FilterError
from logonscope.filters import times
from logonscope.filters.groups import groups
from logonscope.filters.match import account_matcher, address_matcher, equal_to, holding, text_matcher
from logonscope.filters.names import nearest
from logonscope.filters.sql import FALSE, Sql, all_of, among, any_of, negated, sessions_with_event
from logonscope.knowledge.before_vista import SECURITY
from logonscope.knowledge.codes import status_codes
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import logon_types

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from logonscope.filters.fields import Field
    from logonscope.filters.lookup import Lookup
    from logonscope.filters.terms import Value

_TEXT_COLUMNS = ("source_ip", "workstation", "process", "object", "computer", "channel", "provider")
_INDEXED = ("workstation", "process", "object")
_NO_TEXT = 0
"""The code of the empty text, in every dim."""
_MOST_EVENT_IDS = 1000
_BOUND = re.compile(r"(>=|<=|>|<)(.+)")
_RECORD_DIGITS = 18
_RECORD_MASK = (1 << 48) - 1
"""The record ID in a position: the bits above it number the generation of the log."""
_THIRD_FORMS = {"s": "\u017f", "k": "\u212a"}
"""Letters besides the small and the capital one that are the same without case; Unicode has no others for ASCII."""
_WITH_THIRD_FORM = re.compile("[sSkK]")
_LONGEST_EXPRESSION = 1000
_COLUMN_TYPES = {"event_id": "INTEGER", "boot": "INTEGER", "record_id": "UBIGINT"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, for the sides that it can be put to directly: the others follow from sessions."""

    event: Sql | None = None
    session: Sql | None = None
    boot: Sql | None = None
    coverage: Sql | None = None
    mentions: dict[str, list[int]] | None = dataclass_field(default=None, kw_only=True)
    """By field of a lake's index (lake/own_tables.sql), the codes of which an event that fits names one."""


def _wrong(message: str, value: Value, advice: str = "") -> FilterError:
    return FilterError(message, value.start, value.stop, advice)


def _account(field: Field, value: Value, lookup: Lookup) -> Condition:
    codes = lookup.account_codes(account_matcher(value))
    return Condition(
        any_of([among("e.target", codes), among("e.subject", codes), among("e.account", codes)]),
        among("s.account", codes),
        mentions={"account": codes},
    )


def _text(field: Field, value: Value, lookup: Lookup) -> Condition:
    codes = lookup.codes(field.column, text_matcher(value))
    marks = among("c.channel", codes) if field.column == "channel" else None
    mentions = {field.column: codes} if field.column in _INDEXED else None
    return Condition(among(f"e.{field.column}", codes), coverage=marks, mentions=mentions)


def _address(field: Field, value: Value, lookup: Lookup) -> Condition:
    codes = lookup.codes("source_ip", address_matcher(value))
    event = among("e.source_ip", codes)
    session = any_of([among("s.source_ip", codes), sessions_with_event(event)])
    return Condition(event, session, mentions={"source_ip": codes})


def _source(field: Field, value: Value, lookup: Lookup) -> Condition:
    addresses = lookup.codes("source_ip", address_matcher(value))
    workstations = lookup.codes("workstation", text_matcher(value))
    event = any_of([among("e.source_ip", addresses), among("e.workstation", workstations)])
    mentions = {"source_ip": addresses, "workstation": workstations}
    return Condition(event, sessions_with_event(event), mentions=mentions)


def machines_named(value: Value, lookup: Lookup) -> tuple[list[int], list[int]]:
    """The machines that a value names, and the codes of the computer names that they bore."""
    fits = text_matcher(value)
    numbers = [number for number, name in lookup.machine_names.items() if fits([name])[0]]
    named = lookup.codes("computer", fits)
    named += lookup.codes("computer", lambda names: fits([name.partition(".")[0] for name in names]))
    computers = {*named, *(code for number in numbers for code in lookup.computers_of.get(number, ()))}
    known = {n for n, codes in lookup.computers_of.items() if codes & set(named)}
    return sorted({*numbers, *known}), sorted(computers)


def _machine(field: Field, value: Value, lookup: Lookup) -> Condition:
    machines, computers = machines_named(value, lookup)
    sides = (among(f"{alias}.machine", machines) for alias in ("s", "b", "c"))
    return Condition(among("e.computer", computers), *sides)


def _logon_type(field: Field, value: Value, lookup: Lookup) -> Condition:
    typed = value.text.casefold()
    if typed.isdigit() and len(typed) < 4:
        numbers = [int(typed)]
    else:
        fits = text_matcher(value)
        numbers = [t.type for t in logon_types().values() if any(fits([t.short, t.name]))]
    if not numbers:
        near = nearest(typed, {name for t in logon_types().values() for name in (t.short.casefold(), t.name)})
        raise _wrong(f"there is no logon type {value.text}", value, near)
    return Condition(among("e.logon_type", numbers, "UTINYINT"), among("s.logon_type", numbers, "UTINYINT"))


def _number(field: Field, value: Value, lookup: Lookup) -> Condition:
    first, dots, last = value.text.partition("..")
    try:
        low = int(first, 0)
        high = int(last, 0) if dots else low
    except ValueError as error:
        raise _wrong(f"{value.text} is not a number or a range", value, f"For example {field.example}.") from error
    kind = _COLUMN_TYPES[field.column]
    limit = 1 << (64 if kind == "UBIGINT" else 31)
    if not 0 <= low <= high < limit:
        raise _wrong(f"{value.text} is not a range of {field.words} numbers", value)

    def inside(column: str) -> Sql:
        if low == high:
            return among(column, [low], kind)
        return Sql(f"{column} BETWEEN ?::{kind} AND ?::{kind}", (low, high))

    if field.column == "boot":
        return Condition(session=inside("s.boot"), boot=inside("b.number"))
    is_listed = field.column == "event_id" and high - low < _MOST_EVENT_IDS
    return Condition(
        inside(f"e.{field.column}"), mentions={"event_id": list(range(low, high + 1))} if is_listed else None
    )


def _logon_id(field: Field, value: Value, lookup: Lookup) -> Condition:
    try:
        logon_id = int(value.text, 0)
    except ValueError as error:
        raise _wrong(f"{value.text} is not a logon ID", value, "Write it as Windows does: 0x3e7.") from error
    if not 0 <= logon_id < 1 << 64:
        raise _wrong("a logon ID has 64 bits", value)
    columns = ("logon_id", "subject_logon_id", "linked_logon_id")
    return Condition(
        any_of(among(f"e.{column}", [logon_id], "UBIGINT") for column in columns),
        Sql("list_has_any(s.logon_ids, ?::UBIGINT[])", ([logon_id],), takes_lists=True),
    )


def _status(field: Field, value: Value, lookup: Lookup) -> Condition:
    try:
        codes = [int(value.text, 0) % (1 << 32)]
    except ValueError:
        fits = text_matcher(value)
        tables = [*status_codes().values(), *status_codes("kerberos").values()]
        codes = [entry.code for entry in tables if any(fits([entry.label, entry.status_class]))]
        if not codes:
            near = nearest(value.text, {label for entry in tables for label in (entry.label, entry.status_class)})
            advice = near or "Write a code, or a label in quotes."
            raise _wrong(f"there is no status {value.text}", value, advice) from None
    return Condition(any_of([among("e.status", codes, "UINTEGER"), among("e.sub_status", codes, "UINTEGER")]))


def _group(field: Field, value: Value, lookup: Lookup) -> Condition:
    group = groups().get(value.text.casefold())
    if group is None:
        advice = nearest(value.text, groups()) or f"Groups: {', '.join(groups())}."
        raise _wrong(f"there is no group {value.text}", value, advice)
    event = Sql(f"({group.event})") if group.event else None
    if event and group.by_number:
        event = any_of([event, _as_today(event, lookup)])
    if event and group.or_from_others:
        known = lookup.codes("source_ip", lambda texts: [text in group.or_from_others for text in texts])
        event = any_of([event, negated(among("e.source_ip", [_NO_TEXT, *known]))])
    return Condition(event, Sql(f"({group.session})") if group.session else None)


def _as_today(event: Sql, lookup: Lookup) -> Sql:
    """What holds of an event of before Vista if it is taken for what it is today."""
    old = among("e.provider", lookup.codes("provider", equal_to(SECURITY)))
    today = Sql(f"e.row IN (SELECT e.row FROM audited_event e WHERE {event.text})")
    return FALSE if old == FALSE else all_of([old, today])


_SPANS = {
    "s": ("s.start_earliest", "s.end_latest"),
    "b": ("b.start", "coalesce(b.next_start, CASE WHEN b.end_kind = 'shutdown' THEN b.end_time END)"),
    "c": ("c.since", "coalesce(c.until, c.since)"),
}
"""Where each side begins and ends at the latest; NULL where that is not known."""


def _overlap(since: datetime | None, until: datetime | None) -> Condition:
    """Events inside a span; sessions and boots that may have been on at some moment of it; marks that touch it."""
    event = []
    if since is not None:
        event.append(Sql("e.time >= ?::TIMESTAMP", (since,)))
    if until is not None:
        event.append(Sql("e.time < ?::TIMESTAMP", (until,)))
    return Condition(_every(event), *(_touching(begin, end, since, until) for begin, end in _SPANS.values()))


def _touching(begin: str, end: str, since: datetime | None, until: datetime | None) -> Sql:
    parts = []
    if since is not None:
        parts.append(Sql(f"coalesce({end}, 'infinity'::TIMESTAMP) >= ?::TIMESTAMP", (since,)))
    if until is not None:
        parts.append(Sql(f"coalesce({begin}, '-infinity'::TIMESTAMP) < ?::TIMESTAMP", (until,)))
    return _every(parts)


def _every(parts: list[Sql]) -> Sql:
    return Sql(
        "(" + " AND ".join(part.text for part in parts) + ")",
        tuple(value for part in parts for value in part.parameters),
    )


def _within(field: Field, value: Value, lookup: Lookup) -> Condition:
    return _overlap(*times.time_range(value, lookup.log_end))


def _since(field: Field, value: Value, lookup: Lookup) -> Condition:
    return _overlap(times.span(value, lookup.log_end)[0], None)


def _until(field: Field, value: Value, lookup: Lookup) -> Condition:
    return _overlap(None, times.span(value, lookup.log_end)[1])


def _at(field: Field, value: Value, lookup: Lookup) -> Condition:
    moment = times.span(value, lookup.log_end)[0]
    sides = (
        Sql(
            f"(coalesce({begin}, '-infinity'::TIMESTAMP) <= ?::TIMESTAMP"
            f" AND coalesce({end}, 'infinity'::TIMESTAMP) >= ?::TIMESTAMP)",
            (moment, moment),
        )
        for begin, end in _SPANS.values()
    )
    return Condition(None, *sides)


_SURELY = {">": "s.duration_least", ">=": "s.duration_least", "<": "s.duration_most", "<=": "s.duration_most"}


def _duration(field: Field, value: Value, lookup: Lookup) -> Condition:
    bound = _BOUND.fullmatch(value.text)
    low, dots, high = value.text.partition("..")
    if bound:
        found = times.length(bound[2])
        if found is not None:
            return Condition(session=Sql(f"{_SURELY[bound[1]]} {bound[1]} ?", (microseconds(found),)))
    elif dots and (shortest := times.length(low)) is not None and (longest := times.length(high)) is not None:
        limits = (microseconds(shortest), microseconds(longest))
        return Condition(session=Sql("(s.duration_least >= ? AND s.duration_most <= ?)", limits))
    raise _wrong(f"{value.text} is not a length", value, "Write dur:>2h, dur:<30s or dur:5m..1h.")


def _session(field: Field, value: Value, lookup: Lookup) -> Condition:
    """A session by its key; a visit with its contacts. The record ID alone finds it quickly, the key tells the rest."""
    record = value.text.rpartition("@")[2]
    if not record.isascii() or not record.isdigit() or len(record) > _RECORD_DIGITS:
        return Condition(session=FALSE)
    keyed = Sql(
        f"((s.pos & {_RECORD_MASK}) IN (SELECT unnest(?::BIGINT[]))"
        " AND lower(s.key) IN (SELECT lower(unnest(?::VARCHAR[]))))",
        ([int(record)], [value.text]),
        takes_lists=True,  # a key holds its record ID
    )
    if "/visit@" not in value.text.lower():
        return Condition(session=keyed)
    visits = keyed.text.replace("s.", "v.")
    text = f"({keyed.text} OR s.parent IN (SELECT v.session_id FROM full_session v WHERE {visits}))"
    return Condition(session=Sql(text, keyed.parameters * 2, takes_lists=True))


def _grade(field: Field, value: Value, lookup: Lookup) -> Condition:
    if value.text.upper() not in ("A", "B", "C", "D", "T", "-"):
        raise _wrong(f"there is no grade {value.text}", value, "Grades are A, B, C, D, - and T.")
    return Condition(session=Sql("s.grade = ?", (value.text.upper(),)))


def _end(field: Field, value: Value, lookup: Lookup) -> Condition:
    fits = text_matcher(value)
    kinds = [kind.evidence for kind in end_kinds().values() if any(fits([kind.evidence, kind.shown]))]
    if not kinds:
        known = ", ".join(end_kinds())
        near = nearest(value.text, {name for kind in end_kinds().values() for name in (kind.evidence, kind.shown)})
        raise _wrong(f"nothing ends by {value.text}", value, near or f"Ends: {known}.")
    return Condition(session=Sql("s.end_evidence IN (SELECT unnest(?::VARCHAR[]))", (kinds,)))


def text_condition(value: Value, lookup: Lookup) -> Condition:
    """A word anywhere in the record: in a name, an address, or a field of EventData; without case."""
    needle = value.text.casefold()
    parts = [among(f"e.{column}", lookup.codes(column, holding(needle))) for column in _TEXT_COLUMNS]
    accounts = [
        code
        for code, account in enumerate(lookup.accounts)
        if code and any(needle in part.casefold() for part in (*account, f"{account[2]}\\{account[1]}"))
    ]
    parts += [among(f"e.{column}", accounts) for column in ("target", "subject")]
    # EventData is kept as JSON, which writes quotes and backslashes with a backslash before them.
    escaped = json.dumps(value.text, ensure_ascii=False)[1:-1]
    parts.append(_holding_text("e.event_data", escaped))
    return Condition(any_of(parts))


def _holding_text(column: str, needle: str) -> Sql:
    """A column that holds a text, without case: an expression finds that in less than half the time of ``contains``.

    That it does only where no letter has a third form of several bytes: records that have such are looked at apart.
    """
    if len(needle) > _LONGEST_EXPRESSION:
        return Sql(f"contains(lower({column}), ?)", (needle.lower(),))
    whole = re.escape(needle)
    plain = _WITH_THIRD_FORM.sub(lambda letter: f"(?-i:[{letter[0].lower()}{letter[0].upper()}])", whole)
    holds = f"regexp_matches({column}, ?, 'i')"
    if plain == whole:
        return Sql(holds, (whole,))
    forms = [form for letter, form in _THIRD_FORMS.items() if letter in needle.lower()]
    has_one = " OR ".join([f"contains({column}, ?)"] * len(forms))
    return Sql(f"({holds} OR (({has_one}) AND {holds}))", (plain, *forms, whole))


BY_KIND: dict[str, Callable[[Field, Value, Lookup], Condition]] = {
    "account": _account,
    "text": _text,
    "source": _source,
    "address": _address,
    "machine": _machine,
    "logon_type": _logon_type,
    "number": _number,
    "logon_id": _logon_id,
    "status": _status,
    "group": _group,
    "within": _within,
    "since": _since,
    "until": _until,
    "at": _at,
    "duration": _duration,
    "session": _session,
    "end": _end,
    "grade": _grade,
}
"""What makes the condition of each kind of field."""
