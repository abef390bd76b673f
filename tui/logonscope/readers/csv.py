"""Reader of tables of events as CSV: EvtxECmd's, PowerShell's and Event Viewer's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import plural
from logonscope.model import ReadProblem
from logonscope.readers.csv_records import RowRecords, whole_number
from logonscope.readers.csv_rows import Row, rows
from logonscope.readers.csv_tables import Heading, heading_in, is_type_line
from logonscope.readers.local_times import day_order
from logonscope.readers.raw import RawBatch
from logonscope.readers.text_batches import Places, Problems, Run, TextReader
from logonscope.readers.text_stream import BLOCK_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.source_file import SourceFile

_ROWS_AT_A_TIME = 2000
_MOST_DATES = 20_000
"""So many rows are looked through for a date that decides between day and month."""


class CsvReader(TextReader):
    """One open table.

    Args:
        file: The file.
        places: Where its rows are, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened or read.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        super().__init__(file, places)
        self._heading = heading_in(self._file.read(BLOCK_BYTES))
        self._records = RowRecords(self._heading) if self._heading else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the table does not hold, and what of it was not understood."""
        return self._records.notes if self._records else ()

    def batches(self) -> Iterator[RawBatch]:
        """Read all rows.

        Yields:
            Some thousand rows at a time; a row's header ID is its place among the rows.
        """
        if self._heading is None:
            problem = ReadProblem(self._path, "file", None, None, "it no longer begins with the names of its columns")
            yield RawBatch([], [], [], 0, (problem,))
            return
        order = None if self._heading.table.is_utc else day_order(self._dates(self._heading))
        self._records = RowRecords(self._heading, order, self._chosen_order)
        run, told, bad = Run(self._problems), 0, _BadRows(self._problems)
        for number, row in self._numbered(self._heading, 0, 0):
            if row.reason:
                bad.add(row)
                continue
            bad.end()
            if len(run.texts) == _ROWS_AT_A_TIME:
                yield run.batch(row.offset - told)
                run, told = Run(self._problems), row.offset
            if not run.texts:
                self.places.add(number, row.offset)
            text, stamp = self._records(row.cells)
            run.add(number, stamp, text)
        bad.end()
        yield run.batch(self._file.tell() - told)
        yield RawBatch([], [], [], 0, self._problems.last())

    def _numbered(self, heading: Heading, number: int, start: int) -> Iterator[tuple[int, Row]]:
        """The rows that are meant to be events, from one on, with their numbers; those that are none have a reason."""
        for row in rows(self._file, heading.delimiter, start):
            is_event = row.cells and not is_type_line(row.text) and [*map(str.strip, row.cells)] != heading.names
            if is_event or row.reason:
                number += 1
                yield number, row._replace(reason=row.reason or _fault(row.cells, heading))

    def _dates(self, heading: Heading) -> Iterator[str]:
        time = heading.places["time"]
        for number, row in self._numbered(heading, 0, 0):
            if number > _MOST_DATES:
                return
            if not row.reason:
                yield row.cells[time]

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


def _fault(cells: list[str], heading: Heading) -> str:
    """What is wrong with a row; nothing where it can be an event."""
    if len(cells) not in (len(heading.names), len(heading.names) + heading.table.message_follows):
        return f"{plural(len(cells), 'cell')} where the table has {len(heading.names)}"
    return "" if whole_number(cells[heading.places["event_id"]].strip()) is not None else "no event ID in it"
