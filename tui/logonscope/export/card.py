"""Cards, and combinations seen for the first time, for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from logonscope.export.findings import finding_fields
from logonscope.export.records import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.card import Card, Failure, Use
    from logonscope.case.case import Case
    from logonscope.case.first_seen import FirstSeen, Reach

FIRST_SEEN_FIELDS: tuple[Field[FirstSeen], ...] = (
    Field("first", "time", lambda row: row.first),
    Field("last", "time", lambda row: row.last),
    Field("times", "number", lambda row: row.times),
    Field("machine", "text", lambda row: row.machine),
    Field("user", "text", lambda row: row.account.name),
    Field("domain", "text", lambda row: row.account.domain),
    Field("sid", "text", lambda row: row.account.sid),
    Field("source", "text", lambda row: row.source),
    Field("logon_type", "number", lambda row: row.logon_type),
    Field("new", "texts", lambda row: row.new),
    Field("earlier_coverage", "length", lambda row: row.earlier),
    Field("earlier_holes", "number", lambda row: row.holes),
)
_USE_FIELDS: tuple[Field[Use], ...] = (
    Field("what", "text", lambda use: use.what),
    Field("stays", "number", lambda use: use.stays),
    Field("contacts", "number", lambda use: use.contacts),
    Field("work", "number", lambda use: use.work),
    Field("system", "number", lambda use: use.system),
    Field("refused", "number", lambda use: use.refused),
    Field("privileged", "number", lambda use: use.privileged),
    Field("first", "time", lambda use: use.first),
    Field("last", "time", lambda use: use.last),
)
_FAILURE_FIELDS: tuple[Field[Failure], ...] = (
    Field("event", "number", lambda failure: failure.event_id),
    Field("status", "hex", lambda failure: failure.status),
    Field("times", "number", lambda failure: failure.times),
    Field("first", "time", lambda failure: failure.first),
    Field("last", "time", lambda failure: failure.last),
)
_REACH_FIELDS: tuple[Field[Reach], ...] = (
    Field("machine", "text", lambda reach: reach.machine),
    Field("since", "time", lambda reach: reach.since),
    Field("until", "time", lambda reach: reach.until),
    Field("records", "number", lambda reach: reach.records),
    Field("holes", "number", lambda reach: len(reach.holes)),
)


def write_card_jsonl(case: Case, card: Card, out: TextIO) -> None:
    """Write a card: one object for the subject, then one for each of its parts.

    Args:
        case: The case.
        card: The card.
        out: Where to write.
    """
    for record in _records(case, card):
        out.write(json.dumps(record) + "\n")


def _records(case: Case, card: Card) -> Iterator[dict[str, Any]]:
    yield {
        "part": "card",
        "kind": card.kind,
        "name": card.name,
        "names": list(card.names),
        **{name: value for name, value in _plain(_USE_FIELDS, card.total).items() if name != "what"},
        "stays_lasted": card.on / 1_000_000,
        "longest_stay": None if card.longest is None else card.longest / 1_000_000,
        "stays_unsure": card.unsure,
        "privileges": list(card.privileges),
        "hours_utc": card.hours,
        "hours_local": card.local_hours,
        "hours_without_zone": card.unzoned,
    }
    for title, uses in card.tables.items():
        yield from ({"part": title, **_plain(_USE_FIELDS, use)} for use in uses)
    yield from ({"part": "failure", **_plain(_FAILURE_FIELDS, failure)} for failure in card.failures)
    yield from ({"part": "first seen", **_plain(FIRST_SEEN_FIELDS, first)} for first in card.firsts)
    fields = finding_fields(case)
    yield from ({"part": "finding", **_plain(fields, finding)} for finding in card.findings)
    yield from ({"part": "coverage", **_plain(_REACH_FIELDS, reach)} for reach in card.reaches)


def _plain(fields: tuple[Field[Any], ...], row: Any) -> dict[str, Any]:
    return {field.name: field.plain(row) for field in fields}
