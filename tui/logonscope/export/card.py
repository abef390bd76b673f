"""Cards, and combinations seen for the first time, for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from logonscope.export.citing import Citing
from logonscope.export.fields import RowField
from logonscope.export.findings import finding_citing, finding_fields
from logonscope.export.first_seen import first_seen_fields
from logonscope.export.rows import made_rows
from logonscope.export.writers import json_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logonscope.case.card import Card, Failure, Use
    from logonscope.case.case import Case
    from logonscope.case.first_seen import Reach
    from logonscope.export.fields import Row

_USE_FIELDS: tuple[RowField[Use], ...] = (
    RowField("what", "text", "The machine, user, source or logon type.", lambda use: use.what),
    RowField("stays", "number", "Stays at a desktop.", lambda use: use.stays),
    RowField("contacts", "number", "Contacts over the network.", lambda use: use.contacts),
    RowField("work", "number", "Tasks and services.", lambda use: use.work),
    RowField("system", "number", "Sessions of the system's own accounts.", lambda use: use.system),
    RowField("refused", "number", "Refused logons.", lambda use: use.refused),
    RowField("privileged", "number", "Sessions with administrator rights.", lambda use: use.privileged),
    RowField("first", "time", "When first seen.", lambda use: use.first),
    RowField("last", "time", "When last seen.", lambda use: use.last),
)
_FAILURE_FIELDS: tuple[RowField[Failure], ...] = (
    RowField("event", "number", "The event that tells of it.", lambda failure: failure.event_id),
    RowField("status", "hex", "Its status code.", lambda failure: failure.status),
    RowField("times", "number", "How often.", lambda failure: failure.times),
    RowField("first", "time", "When first seen.", lambda failure: failure.first),
    RowField("last", "time", "When last seen.", lambda failure: failure.last),
)
_REACH_FIELDS: tuple[RowField[Reach], ...] = (
    RowField("machine", "text", "The machine.", lambda reach: reach.machine),
    RowField("since", "time", "From when its Security log reaches.", lambda reach: reach.since),
    RowField("until", "time", "Until when.", lambda reach: reach.until),
    RowField("records", "number", "How many records that is.", lambda reach: reach.records),
    RowField("holes", "number", "How often records are missing in between.", lambda reach: len(reach.holes)),
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
    (total,) = json_records(made_rows([card.total], _USE_FIELDS))
    yield {
        "part": "card",
        "kind": card.kind,
        "name": card.name,
        "names": list(card.names),
        **{name: value for name, value in total.items() if name != "what"},
        "stays_lasted": card.on / 1_000_000,
        "longest_stay": None if card.longest is None else card.longest / 1_000_000,
        "stays_unsure": card.unsure,
        "privileges": list(card.privileges),
        "hours_utc": card.hours,
        "hours_local": card.local_hours,
        "hours_without_zone": card.unzoned,
    }
    for title, uses in card.tables.items():
        yield from _part(title, uses, _USE_FIELDS)
    yield from _part("failure", card.failures, _FAILURE_FIELDS)
    first_rows = [first.row for first in card.firsts]
    yield from _part("first seen", card.firsts, first_seen_fields(Citing.of(case, first_rows)))
    yield from _part("finding", card.findings, finding_fields(finding_citing(case, card.findings)))
    yield from _part("coverage", card.reaches, _REACH_FIELDS)


def _part(title: str, rows: Sequence[Row], fields: Sequence[RowField[Row]]) -> Iterator[dict[str, Any]]:
    yield from ({"part": title, **record} for record in json_records(made_rows(rows, fields)))
