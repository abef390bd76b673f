"""Loading: sources are found, read, normalised and written, one after another, in the calling thread."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

from logonscope.ahead.events import EventBatch
from logonscope.ahead.reader import reading_ahead
from logonscope.case.load_problems import misread_record, reading_stopped
from logonscope.errors import SourceError
from logonscope.garbage import rare_collections
from logonscope.model import LoadProgress, ReadProblem, Source
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.cutting import Cutting
from logonscope.readers.archives.streams import Lender
from logonscope.readers.reader import SkipsByTime, open_reader
from logonscope.readers.sources import STDIN, find_sources, spool_stdin
from logonscope.store.case_store import CaseStore, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import duckdb

    from logonscope.ahead.reader import AheadReader, ReadAhead
    from logonscope.cache.loaded_state import LoadedState, LoadOutcome
    from logonscope.case.options import LoadOptions
    from logonscope.case.salvaging import Salvaging
    from logonscope.model import Event, TamperSign
    from logonscope.readers.raw import RawBatch
    from logonscope.readers.reader import Reader
    from logonscope.readers.source_file import SourceFile

_SECONDS_BETWEEN_REPORTS = 0.25
_NEARLY_DONE_SECONDS = 2.0
_SOONEST_REBUILD_SECONDS = 1.0
_REBUILD_SHARE = 10
"""A rebuild while loading goes on may take one part in so many of the time."""


class Loading:
    """One run of loading.

    Args:
        store: The store to fill.
        report: Called at most four times a second, of the first rows at once, and at the end, in the loading thread.
        rebuilt: Called when the sessions have been rebuilt.
        meanwhile: Whether to rebuild now and then while loading goes on, for somebody who watches.
        cancelled: Asked between batches; what was read until then is kept.
        options: What is loaded.
    """

    def __init__(
        self,
        store: CaseStore,
        report: Callable[[LoadProgress], None],
        rebuilt: Callable[[], None],
        cancelled: Callable[[], bool],
        *,
        meanwhile: bool,
        options: LoadOptions,
    ) -> None:
        self._store = store
        self._options = options
        self._writer = Writer(store, rows_soon=meanwhile)
        self.cutting = Cutting(options.cut, store.dims) if options.cut else None
        self._normalise = Normaliser(store.dims, self.cutting)
        self._report = report
        self._rebuilt = rebuilt
        self.cancelled = cancelled
        self._began = time.monotonic()
        self._reported, self._has_told_records = 0.0, False
        self._rebuild_due = self._began + _SOONEST_REBUILD_SECONDS if meanwhile else math.inf
        self._files_total = self._files_done = self._bytes_total = self._bytes_done = self.records = 0
        self.sources: list[Source] = []
        self.problems: list[ReadProblem] = []
        self.unreadable: list[SourceError] = []
        self.copy: Path | None = None
        """The copy of standard input."""
        self.signs: list[TamperSign] = []
        self.salvaging: Salvaging | None = None
        self.files: dict[int, tuple[SourceFile, Any]] = {}
        """Each file read, by number, and what finds its records again."""
        self.writing = Lock()
        """Held by whoever adds to the case once it is loaded: salvage or following."""
        self.last_ids: dict[int, int] = {}
        """The greatest header ID read of each source."""
        self.duplicates = self._last_number = 0
        self._kept_at: datetime | None = None
        self._ahead: ReadAhead | None = None

    def run(self, paths: Sequence[Path], stdin: BinaryIO | None, spool: Path) -> None:
        """Load everything.

        Args:
            paths: Files and folders, as the user gave them.
            stdin: Standard input where the user asked for it.
            spool: A private folder for a copy of it.
        """
        if self.cutting:
            self._writer.add_cut(self._options.cut)
        files = list(find_sources(paths, self.unreadable, self._options.limits, self.cancelled))
        if stdin is not None:
            self.copy = spool_stdin(stdin, spool, self.cancelled)
            files += self._files_of_stdin(self.copy)
        self._files_total = len(files)
        self._bytes_total = sum(file.size for file in files)
        self._tell(None, force=True)
        with rare_collections():
            with self._reading_ahead(files, spool):
                for file in files:
                    if self.cancelled():
                        break
                    self.load_file(file)
                    self._files_done += 1
                self._writer.flush()
            Lender.rest()
            stopped = self.cancelled()
            self._tell(None, "sessions", force=True)
            self.rebuild()
        self._tell(None, "stopped" if stopped else "done", force=True)

    def _files_of_stdin(self, copy: Path) -> list[SourceFile]:
        """The copy of standard input, if it is a log; the user knows nothing of the copy's path."""
        errors: list[SourceError] = []
        files = [
            replace(file, shown=STDIN) for file in find_sources([copy], errors, self._options.limits, self.cancelled)
        ]
        self.unreadable += [SourceError(e.message.replace(str(copy), STDIN), e.advice) for e in errors]
        return files

    @contextmanager
    def _reading_ahead(self, files: Sequence[SourceFile], folder: Path) -> Iterator[None]:
        """Other processes read meanwhile, unless records are left out: those are counted in order."""
        own, is_watched = [] if self.cutting else files, self._rebuild_due < math.inf
        with reading_ahead(own, folder, self._store.dims, self.cancelled, rows_first=is_watched) as self._ahead:
            yield
        self._ahead = None

    def _open(self, file: SourceFile, number: int) -> Reader | AheadReader:
        return (self._ahead and self._ahead.reader(file, number)) or open_reader(file)

    def load_file(self, file: SourceFile) -> int:
        """Load a file; what is wrong with it is a problem, and the others are not troubled.

        Returns:
            How many records came of it.
        """
        if self._options.dates:
            file = replace(file, dates=self._options.dates)
        number, done_before, records = self._next_number(), self._bytes_done, 0
        problems: list[ReadProblem] = []
        notes: tuple[str, ...] = ()
        if self.cutting:
            self.cutting.end_source()
        try:
            self._writer.add_source(number, file)
            with self._open(file, number) as reader:
                if self.cutting and isinstance(reader, SkipsByTime):
                    reader.only_times(*self._options.cut.filetimes)
                for raw in reader.batches():
                    count, found = self.take(number, file, raw)
                    records += count
                    problems += found
                    self._bytes_done += raw.bytes_read
                    self._tell(file)
                    self._rebuild_meanwhile(number)
                    if self.cancelled():
                        break
                notes = tuple(reader.notes)
                self._note_signs(number, getattr(reader, "signs", ()))
                self.files[number] = file, reader.places
        except OSError as error:
            problems += self._enter(number, [reading_stopped(file.place, error)])
        self._write_left_out(number)
        self._writer.finish_source(number, records, notes)
        self.sources.append(Source(number, file.place, file.kind, file.size, records, len(problems), notes))
        if not self.cancelled():
            self._bytes_done = done_before + file.size
        return records

    def take(self, number: int, file: SourceFile, raw: RawBatch | EventBatch) -> tuple[int, list[ReadProblem]]:
        """Write one batch of a source, normalised if it is not yet.

        Returns:
            How many records were kept, and what could not be read.
        """
        batch = raw if isinstance(raw, EventBatch) else self._normalised(number, raw)
        self.records += batch.events.num_rows
        self.last_ids[number] = max(self.last_ids.get(number, 0), batch.last_header_id)
        found = self._enter(
            number, [*batch.problems, *(misread_record(file.place, header_id) for header_id in batch.misread)]
        )
        self._writer.add_events(batch.events)
        return batch.events.num_rows, found

    def _normalised(self, number: int, raw: RawBatch) -> EventBatch:
        if self.cutting and raw.left_out:
            self.cutting.skip(raw.left_out)
        events, misread = self._normalise(raw, number)
        misread_ids = [raw.header_ids[position] for position in misread]
        return EventBatch(events, raw.bytes_read, raw.problems, misread_ids, max(raw.header_ids, default=0))

    def add_growth(self, number: int, file: SourceFile, records: int, problems: Sequence[ReadProblem]) -> None:
        """Enter that a source has grown."""
        position = next(place for place, source in enumerate(self.sources) if source.number == number)
        source = self.sources[position]
        grown = replace(
            source, size=file.size, records=source.records + records, problems=source.problems + len(problems)
        )
        self.sources[position] = grown
        self._write_left_out(number)
        self._writer.finish_source(number, grown.records, grown.notes, file.size)

    def fail(self, number: int, file: SourceFile, error: OSError) -> None:
        """Enter that a source can be read no further, once for each reason."""
        problem = reading_stopped(file.place, error)
        if problem not in self.problems:
            self.add_growth(number, file, 0, self._enter(number, [problem]))

    def _enter(self, number: int, problems: list[ReadProblem]) -> list[ReadProblem]:
        self.problems += problems
        self._writer.add_problems(number, problems)
        return problems

    def rebuild(self) -> None:
        """Write what waits, and rebuild the sessions of the machines of which there is more."""
        self._writer.flush()
        self._store.expect_rows(self.records)
        self._rebuild(self._store.cursor())
        self._rebuilt()

    def _rebuild(self, con: duckdb.DuckDBPyConnection) -> None:
        from logonscope.sessions.rebuild import rebuild  # first rows need not wait for its modules

        self.duplicates += rebuild(con).duplicates

    def record(self, event: Event) -> str | None:
        """Read a record again, as its file has it.

        Args:
            event: An event of a source that has been read.

        Returns:
            The text, or None where the file no longer has such a record.

        Raises:
            OSError: The file cannot be opened or read.
        """
        if event.found_at is not None and self.salvaging:
            return self.salvaging.record(event.source, event.found_at)
        file, places = self.files[event.source]
        if file.kind != "evtx" and not file.is_unchanged():
            return None  # an .evtx file tells by itself whether the record is still there
        with open_reader(file, places) as reader:
            return reader.record(event.header_id)

    @property
    def left_out(self) -> int:
        """Records that were left out, where only a part is loaded."""
        return self.cutting.records if self.cutting else 0

    def _next_number(self) -> int:
        self._last_number = max(self._last_number, len(self.sources)) + 1  # salvage gives numbers too
        return self._last_number

    def _note_signs(self, number: int, signs: Iterable[TamperSign]) -> None:
        """Only some formats can show any."""
        found = list(signs)
        self.signs += found
        self._writer.add_signs(number, found)

    def salvage(self, paths: Sequence[Path], cancelled: Callable[[], bool], *, in_sessions: bool) -> int | None:
        """Search all files for records that were not read.

        Args:
            paths: Files and folders, as the user gave them.
            cancelled: Asked between batches; what was found until then is kept.
            in_sessions: Whether what is found takes part in sessions.

        Returns:
            How many were found that the case did not hold; None where that was done before.
        """
        from logonscope.case.salvaging import Salvaging, drop_known, let_into_sessions

        if self.salvaging is not None:
            return None
        before = self.records
        with self.writing, rare_collections():
            self.salvaging = Salvaging(self)
            self.salvaging.run(paths, cancelled)
            self._writer.flush()
            con = self._store.cursor()
            self.records -= drop_known(con)
            if in_sessions:
                let_into_sessions(con)
            self._tell(None, "sessions", force=True)
            self._rebuild(con)
        self._rebuilt()
        self._tell(None, "stopped" if cancelled() else "done", force=True)
        return self.records - before

    def expect(self, size: int) -> None:
        """Expect to search so many more bytes."""
        self._bytes_total += size

    def enter(self, file: SourceFile) -> int:
        """Enter a file that was not read but searched, and give it a number."""
        number = len(self.sources) + 1
        self._writer.add_source(number, file)
        self.sources.append(Source(number, file.place, file.kind, file.size, 0, 0, ()))
        return number

    def searched(self, file: SourceFile, size: int) -> None:
        """So many more bytes of a file were searched."""
        self._bytes_done += size
        self._tell(file)

    def add_recovered(self, number: int, raw: RawBatch) -> None:
        """Add what salvage found in a source; what it could not rebuild makes a log no less complete."""
        events, _ = self._normalise(raw, number)
        self.records += events.num_rows
        source = self.sources[number - 1]
        self.sources[number - 1] = replace(source, recovered=source.recovered + events.num_rows)
        self.problems += raw.problems
        self._writer.add_events(events)

    def _write_left_out(self, number: int) -> None:
        if self.cutting:
            self._writer.add_left_out(number, self.cutting.take_runs())

    def _rebuild_meanwhile(self, number: int) -> None:
        """Show sessions of what is there while a long load goes on, without spending much on it."""
        began = time.monotonic()
        if began < self._rebuild_due or self._seconds_left(began) < _NEARLY_DONE_SECONDS:
            return
        self._write_left_out(number)
        self.rebuild()
        now = time.monotonic()
        self._rebuild_due = now + max(_REBUILD_SHARE * (now - began), _SOONEST_REBUILD_SECONDS)

    def _seconds_left(self, now: float) -> float:
        share = self._bytes_done / self._bytes_total if self._bytes_total else 1.0
        return (now - self._began) * (1 / share - 1) if share else math.inf

    def tell_following(self) -> None:
        """Report that what comes is loaded as it comes, and how much there is now."""
        self._files_done = self._files_total = len(self.sources)
        self._tell(None, "following", force=True)

    def tell_stopped(self) -> None:
        """Report that the user has stopped it."""
        self._tell(None, "stopped", force=True)

    def resume(self, state: LoadedState, outcome: LoadOutcome) -> None:
        """Know what the loading knew that filled the store in an earlier run."""
        self.sources += outcome.sources
        self._last_number = max((source.number for source in self.sources), default=0)
        self.problems += outcome.problems
        self.unreadable += outcome.unreadable
        self.signs += outcome.signs
        self.records, self.duplicates = state.records, state.duplicates
        if self.cutting:
            self.cutting.records = state.left_out
        self._files_done = self._files_total = len(self.sources)
        self._bytes_done = self._bytes_total = sum(source.size for source in self.sources)
        self._kept_at = state.loaded_at.astimezone(UTC).replace(tzinfo=None)

    def tell_reopened(self) -> None:
        """Report that all is there as an earlier run kept it."""
        self._rebuilt()
        self._tell(None, "done", force=True)

    def _tell(self, current: SourceFile | None, stage: str = "reading", *, force: bool = False) -> None:
        now = time.monotonic()
        force = force or (self.records > 0 and not self._has_told_records)
        if not force and now - self._reported < _SECONDS_BETWEEN_REPORTS:
            return
        self._reported, self._has_told_records = now, self.records > 0
        self._report(
            LoadProgress(
                files_done=self._files_done,
                files_total=self._files_total,
                bytes_done=self._bytes_done,
                bytes_total=self._bytes_total,
                records=self.records,
                problems=len(self.problems) + len(self.unreadable),
                seconds=now - self._began,
                current=str(current.place) if current else "",
                stage=stage,  # type: ignore[arg-type]
                kept_at=self._kept_at,
            )
        )
