"""The lists that only a lake has: its machines, and where remote sessions came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from logonscope.columns import Column
from logonscope.display import sanitise, time_text
from logonscope.export.fields import RowField, plain_fields
from logonscope.export.lists import Found, ListKind
from logonscope.export.rows import made_rows
from logonscope.facts.overview import OVERVIEW_COLUMNS
from logonscope.knowledge.attendance import attendance_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.case import Case
    from logonscope.lake.origins import Origin
    from logonscope.lake.overview import MachineOverview

_Row = TypeVar("_Row")
_MACHINE_FIELDS: tuple[RowField[MachineOverview], ...] = (
    RowField("machine", "text", "Which machine.", lambda row: row.name),
    RowField("high", "number", "Findings of severity high.", lambda row: row.high),
    RowField("findings", "number", "All findings.", lambda row: row.findings),
    RowField("stays", "number", "Stays of people at a desktop.", lambda row: row.stays),
    RowField("sessions", "number", "All sessions.", lambda row: row.sessions),
    RowField("failures", "number", "Refused logons (4625).", lambda row: row.failures),
    RowField("missing", "number", "Records that the runs of record IDs lack.", lambda row: row.missing),
    RowField("cleared", "number", "How often a log was cleared.", lambda row: row.cleared),
    RowField("files", "number", "Files that hold its records.", lambda row: row.files),
    RowField("records", "number", "Its records.", lambda row: row.records),
    RowField("first", "time", "Its first record with a plausible time.", lambda row: row.first),
    RowField("last", "time", "Its last one.", lambda row: row.last),
)
_ORIGIN_FIELDS: tuple[RowField[Origin], ...] = (
    RowField("began", "time", "When the session began, at the latest.", lambda row: row.began),
    RowField("machine", "text", "The machine that it was on.", lambda row: row.machine),
    RowField("user", "text", "Whose it was.", lambda row: row.user),
    RowField("domain", "text", "The domain or machine of that account.", lambda row: row.domain),
    RowField("logon_type", "number", "How: 3 network, 10 Remote Desktop.", lambda row: row.logon_type),
    RowField("session", "text", "Its key.", lambda row: row.session),
    RowField("source_ip", "text", "The address that its own records name.", lambda row: row.source_ip),
    RowField("workstation", "text", "What the client called itself.", lambda row: row.workstation),
    RowField("source", "text", "A machine of the lake that it may have come from.", lambda row: row.source),
    RowField("place", "number", "1 for the likeliest of these, 0 where none is known.", lambda row: row.place),
    RowField("candidates", "number", "How many fit: with several the logs do not decide.", lambda row: row.candidates),
    RowField("reasons", "texts", "Why, the strongest reason first.", lambda row: row.reasons),
    RowField("own_session", "text", "The session of that machine that asked for it.", lambda row: row.own_session),
)
_ORIGIN_COLUMNS: tuple[Column[Origin], ...] = (
    Column("Began (UTC)", 19, 0, lambda row: time_text(row.began, seconds_only=True) if row.began else "-"),
    Column("User", 12, 0, lambda row: sanitise(row.user)),
    Column("On", 12, 0, lambda row: sanitise(row.machine)),
    Column("From", 12, 0, lambda row: sanitise(row.source) if row.source else "not known"),
    Column("Of", 3, 0, lambda row: f"{row.candidates:,}", right=True),
    Column("Its session", 24, 2, lambda row: sanitise(row.own_session or "-")),
    Column("Names", 15, 1, lambda row: sanitise(row.source_ip or row.workstation or "-")),
    Column("Why", 24, 0, lambda row: "; ".join(attendance_words().source[why] for why in row.reasons), takes_rest=True),
)


def _kind(
    name: str, noun: str, means: str, columns: tuple[Column[_Row], ...], fields: tuple[RowField[_Row], ...],
    rows: Callable[[Case], Sequence[_Row]],
) -> ListKind:  # fmt: skip
    def find(case: Case, asked: object) -> Found:
        found = rows(case)
        return Found(len(found), lambda: iter(found), lambda: made_rows(found, fields))

    return ListKind(name, noun, means, columns, plain_fields(fields), find)


FLEET_LISTS: dict[str, ListKind] = {
    kind.name: kind
    for kind in (
        _kind("overview", "machine", "The machines of a lake.", OVERVIEW_COLUMNS, _MACHINE_FIELDS,
              lambda case: case.overview()),
        _kind("origins", "session", "Which machine remote sessions came from.", _ORIGIN_COLUMNS, _ORIGIN_FIELDS,
              lambda case: case.origins()),
    )
}  # fmt: skip
"""All of them by name."""
