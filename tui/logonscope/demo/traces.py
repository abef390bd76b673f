"""What each logon has left in the logs of its machine: the records that speak about it, kept or gone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from logonscope.demo.truth import Trace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.demo.journal import Entry

_LOGON_ID_FIELDS = {
    4624: "TargetLogonId",
    4634: "TargetLogonId",
    4647: "TargetLogonId",
    4672: "SubjectLogonId",
    4778: "LogonID",
    4779: "LogonID",
    4800: "TargetLogonId",
    4801: "TargetLogonId",
    4802: "TargetLogonId",
    4803: "TargetLogonId",
}
_DESKTOP_FIELDS = {
    "Microsoft-Windows-TerminalServices-LocalSessionManager": (
        "LSM",
        {21: "SessionID", 22: "SessionID", 23: "SessionID", 24: "SessionID", 25: "SessionID"},
    ),
    "Microsoft-Windows-Winlogon": ("", {7001: "TSId", 7002: "TSId"}),
}


class Traces:
    """The records of one machine by the logon ID, or the number of the desktop session, that they speak about.

    Args:
        entries: Every record that was written, and whether it is still in a file.
    """

    def __init__(self, entries: Iterable[tuple[Entry, bool]]) -> None:
        self._logons: dict[tuple[int, object], list[tuple[Entry, Trace]]] = defaultdict(list)
        self._desktops: dict[tuple[int, object], list[tuple[Entry, Trace]]] = defaultdict(list)
        for entry, kept in entries:
            self._add(entry, kept)

    def of(self, boot: int, logon_ids: Iterable[int], session_number: int | None = None) -> tuple[Trace, ...]:
        """The records about a logon, in the order in which they were written.

        Args:
            boot: The boot it lies in, counted from 1.
            logon_ids: All its tokens.
            session_number: Number of its desktop session.
        """
        found = [trace for logon_id in logon_ids for trace in self._logons.get((boot, logon_id), ())]
        if session_number is not None:
            found += self._desktops.get((boot, session_number), ())
        return tuple(trace for _, trace in sorted(found, key=lambda pair: pair[0].order))

    def _add(self, entry: Entry, kept: bool) -> None:
        record = entry.record
        kind = record.kind
        if kind.channel == "Security":
            place, prefix, field = self._logons, "", _LOGON_ID_FIELDS.get(kind.event_id)
        else:
            prefix, fields = _DESKTOP_FIELDS.get(kind.provider.name, ("", {}))
            place, field = self._desktops, fields.get(kind.event_id)
        if field:
            trace = Trace(f"{prefix}{kind.event_id}", kind.channel, record.record_id, kept)
            place[entry.boot, record.fields[field]].append((entry, trace))
