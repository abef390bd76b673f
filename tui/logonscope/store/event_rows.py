"""Events fetched by row number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from logonscope.knowledge.recovery import recovery_kind
from logonscope.model import Account, Event
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from logonscope.normalise.dims import Dims

_SELECT = "SELECT * FROM event WHERE row IN (SELECT unnest(?::BIGINT[]))"
_OUTCOMES = ("", "success", "failure")


class EventRows:
    """Fetches events of one case.

    Args:
        dims: The case's dims.
        machine_names: Names by (source, computer code); the record's own computer name serves where one is missing.
    """

    def __init__(self, dims: Dims, machine_names: dict[tuple[int, int], str]) -> None:
        self._dims = dims
        self._machine_names = machine_names

    def fetch(self, con: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> list[Event]:
        """Fetch events.

        Args:
            con: A cursor of the calling thread.
            rows: Row numbers.

        Returns:
            The events in the order asked for; a row that does not exist is left out.
        """
        records = fetch_records(con, _SELECT, [list(rows)])
        found = {record["row"]: record for record in records}
        return [self._event(found[row]) for row in rows if row in found]

    def _event(self, record: dict[str, Any]) -> Event:
        texts = {name: dim.texts[record[name]] for name, dim in self._dims.text.items()}
        computer = texts["computer"]
        machine = self._machine_names.get((record["source"], record["computer"])) or computer.partition(".")[0]
        return Event(
            row=record["row"],
            time=record["time"],
            tick=record["tick"] or 0,
            machine=machine,
            computer=computer,
            channel=texts["channel"],
            provider=texts["provider"],
            event_id=record["event_id"],
            record_id=record["record_id"],
            header_id=record["header_id"],
            source=record["source"],
            version=record["version"] or 0,
            outcome=_OUTCOMES[record["outcome"] or 0],
            target=self._account(record["target"]),
            subject=self._account(record["subject"]),
            account=self._account(record["account"]),
            logon_id=record["logon_id"],
            subject_logon_id=record["subject_logon_id"],
            linked_logon_id=record["linked_logon_id"],
            logon_type=record["logon_type"],
            elevated=record["elevated"],
            status=record["status"],
            sub_status=record["sub_status"],
            source_ip=texts["source_ip"],
            workstation=texts["workstation"],
            process=texts["process"],
            logon_process=texts["logon_process"],
            object=texts["object"],
            session_number=record["session_number"],
            activity=texts["activity"],
            clock_step=record["clock_step"],
            fields=event_fields(record["event_data"]),
            recovered=recovery_kind(record["recovered"]),
            found_at=record["found_at"],
        )

    def _account(self, code: int) -> Account:
        return Account(*self._dims.account.accounts[code])


def event_fields(event_data: str | None) -> dict[str, Any]:
    """EventData as a dict; a text or list that a provider wrote instead comes under ``Data``."""
    if not event_data:
        return {}
    try:
        fields = msgspec.json.decode(event_data)
    except (ValueError, RecursionError):
        return {"Data": event_data}
    return fields if isinstance(fields, dict) else {"Data": fields}
