"""Rows of a table of events -> records in the shape that is normalised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.display import plural
from logonscope.readers.local_times import LocalTimes
from logonscope.readers.messages import audit_keywords, message_fields, message_notes, provider_name, wordings
from logonscope.readers.payload import payload_fields
from logonscope.readers.record_text import Head, Tail, record_text
from logonscope.readers.stamps import utc_stamp

if TYPE_CHECKING:
    from logonscope.readers.csv_tables import Heading
    from logonscope.readers.local_times import Order

_LONGEST_NUMBER = 20
_ANY_64_BITS = (1 << 64) - 1
_SHOULD_BE_THERE = {"computer": "computer", "channel": "channel", "record_id": "EventRecordID"}


class RowRecords:
    """Makes the records of one table.

    Args:
        heading: The names of its columns.
        order: Which number of its dates is the day, where they say it.
        chosen: What the user says of that, where they do not.
    """

    def __init__(self, heading: Heading, order: Order | None = None, chosen: Order | None = None) -> None:
        self._table = heading.table
        self._places = heading.places
        self._local = LocalTimes(order, chosen)
        self._unknown = self._names = self._bad_payloads = 0

    def __call__(self, cells: list[str]) -> tuple[str, str]:
        """Make a record of a row.

        Args:
            cells: The row; its event ID is a number.

        Returns:
            The record's JSON text, and its time as in ``RawBatch.stamps``.
        """
        cell = {what: cells[place].strip() for what, place in self._places.items() if place < len(cells)}
        time, stamp = self._time(cell["time"])
        provider = provider_name(cell.get("provider", ""))
        head = Head(
            provider=provider or None,
            event_id=whole_number(cell["event_id"]),
            version=whole_number(cell.get("version", "")),
            keywords=_keywords(cell),
            guid=_guid(cell.get("guid", "")),
        )
        tail = Tail(
            process_id=whole_number(cell.get("process_id", "")),
            thread_id=whole_number(cell.get("thread_id", "")),
            channel=cell.get("channel") or wordings().channels.get(provider),
            computer=cell.get("computer") or None,
            user_sid=cell.get("user_sid") or None,
        )
        record_id, activity = whole_number(cell.get("record_id", "")), _guid(cell.get("activity_id", ""))
        fields = self._fields(cell, provider, int(cell["event_id"]))
        return record_text(head, time, record_id, activity, tail, fields), stamp

    def _time(self, text: str) -> tuple[str, str]:
        return (self._table.is_utc and utc_stamp(text)) or self._local(text)

    def _fields(self, cell: dict[str, str], provider: str, event_id: int) -> dict[str, Any] | None:
        if payload := cell.get("payload"):
            try:
                return payload_fields(payload)
            except ValueError:
                self._bad_payloads += 1
                return {"Payload": payload}
        if "message" not in cell:
            return None
        said = message_fields(provider, event_id, cell["message"])
        self._unknown += not said.is_whole
        self._names += said.lacks_sids
        return said.fields or None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the table does not hold, and what of the rows so far was not understood."""
        said = [f"a table of {self._table.name}", *self._local.notes]
        lacking = [words for what, words in _SHOULD_BE_THERE.items() if what not in self._places]
        if lacking:
            said.append(f"it has no column for the {' and '.join(lacking)}")
        if not {"payload", "message"} & self._places.keys():
            said.append("it has no column for what the events say: times and event IDs only")
        said += message_notes(self._unknown, self._names)
        if self._bad_payloads:
            said.append(f"{plural(self._bad_payloads, 'event')} whose Payload is no JSON; their fields are not known")
        return tuple(said)


def whole_number(text: str) -> int | None:
    """A number of at most 20 digits; None for any other text."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def _keywords(cell: dict[str, str]) -> str | None:
    """Keywords as records hold them; .NET writes the 64 bits as a number with a sign."""
    text = cell.get("keywords", "")
    if text.lstrip("-").isdecimal() and len(text) <= _LONGEST_NUMBER:
        return f"0x{int(text) & _ANY_64_BITS:x}"
    return audit_keywords(cell.get("keyword_words", ""))


def _guid(text: str) -> str | None:
    return text.strip("{}").upper() or None
