"""Reader of tables of events as CSV: EvtxECmd's, PowerShell's and Event Viewer's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.display import plural
from logonscope.model import ReadProblem
from logonscope.readers.csv_rows import Row, rows
from logonscope.readers.csv_tables import Heading, heading_in, is_type_line
from logonscope.readers.local_times import LocalTimes, day_order
from logonscope.readers.messages import audit_keywords, message_fields, provider_name, wordings
from logonscope.readers.payload import payload_fields
from logonscope.readers.raw import RawBatch
from logonscope.readers.record_text import Head, Tail, record_text
from logonscope.readers.stamps import utc_stamp
from logonscope.readers.text_batches import Places, Problems, Run
from logonscope.readers.text_stream import BLOCK_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.source_file import SourceFile

_ROWS_AT_A_TIME = 2000
_MOST_DATES = 20_000
"""So many rows are looked through for a date that decides between day and month."""
_LONGEST_NUMBER = 20
_ANY_64_BITS = (1 << 64) - 1


class CsvReader:
    """One open table.

    Args:
        file: The file.
        places: Where its rows are, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened or read.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        self._file = file.open()
        self._path = file.place
        self._problems = Problems(file.place)
        self.places = places or Places()
        self._heading = heading_in(self._file.read(BLOCK_BYTES))
        self._columns = self._heading.places if self._heading else {}
        self._times = LocalTimes(None)
        self._unknown = self._names = self._bad_payloads = 0

    def __enter__(self) -> CsvReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the table does not hold, and what of it was not understood."""
        if self._heading is None:
            return ()
        said = [f"a table of {self._heading.table.name}", *self._times.notes]
        lacking = [what for what in ("computer", "channel", "record_id") if what not in self._columns]
        if lacking:
            words = " and ".join(what.replace("record_id", "EventRecordID") for what in lacking)
            said.append(f"it has no column for the {words}")
        if not {"payload", "message"} & self._columns.keys():
            said.append("it has no column for what the events say: times and event IDs only")
        if self._unknown:
            said.append(
                f"{plural(self._unknown, 'event')} of which not all was found a field for; only English messages are "
                "understood, the rest is kept as it is worded"
            )
        if self._names:
            said.append(f"{plural(self._names, 'event')} with names in the place of SIDs: these SIDs are not known")
        if self._bad_payloads:
            said.append(f"{plural(self._bad_payloads, 'event')} whose Payload is no JSON; their fields are not known")
        return tuple(said)

    def batches(self) -> Iterator[RawBatch]:
        """Read all rows.

        Yields:
            Some thousand rows at a time; a row's header ID is its place among the rows.
        """
        if self._heading is None:
            problem = ReadProblem(self._path, "file", None, None, "it no longer begins with the names of its columns")
            yield RawBatch([], [], [], 0, (problem,))
            return
        if not self._heading.table.is_utc:
            self._times = LocalTimes(day_order(self._dates(self._heading)))
        run, told, bad = Run(self._problems), 0, _BadRows(self._problems)
        for number, row in self._numbered(self._heading, 0, 0):
            if not row.reason:
                bad.end()
                if not run.texts:
                    self.places.add(number, row.offset)
                self._add(run, number, row)
            else:
                bad.add(row)
            if len(run.texts) == _ROWS_AT_A_TIME:
                yield run.batch(row.offset - told)
                run, told = Run(self._problems), row.offset
        bad.end()
        yield run.batch(self._file.tell() - told)
        yield RawBatch([], [], [], 0, self._problems.last())

    def _numbered(self, heading: Heading, number: int, start: int) -> Iterator[tuple[int, Row]]:
        """The rows that are meant to be events, from one on, with their numbers; those that are none have a reason."""
        widths = {len(heading.names), len(heading.names) + heading.table.message_follows}
        event_id = self._columns["event_id"]
        for row in rows(self._file, heading.delimiter, start):
            cells = row.cells
            if not row.reason and (not cells or is_type_line(row.text) or [*map(str.strip, cells)] == heading.names):
                continue
            if not row.reason and len(cells) not in widths:
                row = row._replace(reason=f"{plural(len(cells), 'cell')} where the table has {len(heading.names)}")
            elif not row.reason and not _number(cells[event_id].strip()):
                row = row._replace(reason="no event ID in it")
            number += 1
            yield number, row

    def _dates(self, heading: Heading) -> Iterator[str]:
        for number, row in self._numbered(heading, 0, 0):
            if number > _MOST_DATES:
                return
            if not row.reason:
                yield row.cells[self._columns["time"]]

    def _add(self, run: Run, number: int, row: Row) -> None:
        cell = {what: row.cells[place].strip() for what, place in self._columns.items() if place < len(row.cells)}
        time, stamp = (
            utc_stamp(cell["time"]) or self._times(cell["time"]) if self._is_utc else self._times(cell["time"])
        )
        provider = provider_name(cell.get("provider", ""))
        event_id = int(cell["event_id"])
        number_text = cell.get("record_id", "")
        head = Head(
            provider or None,
            event_id,
            version=_number(cell.get("version", "")),
            keywords=_keywords(cell),
            guid=_guid(cell.get("guid", "")),
        )
        tail = Tail(
            _number(cell.get("process_id", "")),
            _number(cell.get("thread_id", "")),
            cell.get("channel") or wordings().channels.get(provider),
            cell.get("computer") or None,
            cell.get("user_sid") or None,
        )
        record_id = _number(number_text)
        activity = _guid(cell.get("activity_id", ""))
        run.header_ids.append(number)
        run.stamps.append(stamp)
        run.texts.append(record_text(head, time, record_id, activity, tail, self._fields(cell, provider, event_id)))

    @property
    def _is_utc(self) -> bool:
        return self._heading is not None and self._heading.table.is_utc

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

    def record(self, header_id: int) -> str | None:
        """Read one row again.

        Args:
            header_id: Which one of the table, counted from 1.

        Returns:
            Its text as the file has it, or None where the table has no such row.
        """
        if self._heading is None:
            return None
        first, offset = self.places.before(header_id)
        for number, row in self._numbered(self._heading, first - 1, offset):
            if number == header_id:
                return None if row.reason else row.text
        return None


class _BadRows:
    """Rows in a row that are none: one problem."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._first: Row | None = None
        self._count = 0

    def add(self, row: Row) -> None:
        self._first = self._first or row
        self._count += 1

    def end(self) -> None:
        """A good row follows, or nothing."""
        if self._first is not None:
            more = f"; and {plural(self._count - 1, 'row')} after it" if self._count > 1 else ""
            self._problems.add(self._first.offset, None, self._first.reason + more)
            self._first, self._count = None, 0


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def _keywords(cell: dict[str, str]) -> str | None:
    """Keywords as records hold them; .NET writes the 64 bits as a number with a sign."""
    text = cell.get("keywords", "")
    if text.lstrip("-").isdecimal() and len(text) <= _LONGEST_NUMBER:
        return f"0x{int(text) & _ANY_64_BITS:x}"
    return audit_keywords(cell.get("keyword_words", ""))


def _guid(text: str) -> str | None:
    return text.strip("{}").upper() or None
