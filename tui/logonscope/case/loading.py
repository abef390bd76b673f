"""Loading: sources are found, read, normalised and written, one after another, in the calling thread."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from logonscope.case.salvaging import Salvaging, drop_known, let_into_sessions
from logonscope.errors import SourceError
from logonscope.garbage import rare_collections
from logonscope.model import LoadProgress, ReadProblem, Source
from logonscope.normalise.batch import Normaliser
from logonscope.readers.reader import open_reader
from logonscope.readers.sources import find_sources, spool_stdin
from logonscope.sessions.rebuild import rebuild
from logonscope.store.case_store import CaseStore, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from logonscope.model import Event, TamperSign
    from logonscope.readers.raw import RawBatch
    from logonscope.readers.source_file import SourceFile

_STDIN = "standard input"
_SECONDS_BETWEEN_REPORTS = 0.25
_NEARLY_DONE_SECONDS = 2.0
_SOONEST_REBUILD_SECONDS = 1.0
_REBUILD_SHARE = 10
"""A rebuild while loading goes on may take one part in so many of the time."""


class Loading:
    """One run of loading.

    Args:
        store: The store to fill.
        report: Called at most four times a second, and at the end, in the loading thread.
        rebuilt: Called when the sessions have been rebuilt.
        meanwhile: Whether to rebuild now and then while loading goes on, for somebody who watches.
        cancelled: Asked between batches; what was read until then is kept.
    """

    def __init__(
        self,
        store: CaseStore,
        report: Callable[[LoadProgress], None],
        rebuilt: Callable[[], None],
        cancelled: Callable[[], bool],
        *,
        meanwhile: bool,
    ) -> None:
        self._store = store
        self._writer = Writer(store)
        self._normalise = Normaliser(store.dims)
        self._report = report
        self._rebuilt = rebuilt
        self._cancelled = cancelled
        self._began = time.monotonic()
        self._reported = 0.0
        self._rebuild_due = self._began + _SOONEST_REBUILD_SECONDS if meanwhile else math.inf
        self._files_total = self._files_done = self._bytes_total = self._bytes_done = self._records = 0
        self.sources: list[Source] = []
        self.problems: list[ReadProblem] = []
        self.unreadable: list[SourceError] = []
        self.signs: list[TamperSign] = []
        self.read: dict[int, tuple[SourceFile, Any]] = {}
        """Each file read, and what finds its records again."""
        self.salvaging: Salvaging | None = None
        self.duplicates = 0

    def run(self, paths: Sequence[Path], stdin: BinaryIO | None, spool: Path) -> None:
        """Load everything.

        Args:
            paths: Files and folders, as the user gave them.
            stdin: Standard input where the user asked for it.
            spool: A private folder for a copy of it.
        """
        files = list(find_sources(paths, self.unreadable))
        if stdin is not None:
            files += self._files_of_stdin(spool_stdin(stdin, spool))
        self._files_total = len(files)
        self._bytes_total = sum(file.size for file in files)
        self._tell("", force=True)
        with rare_collections():
            for number, file in enumerate(files, 1):
                if self._cancelled():
                    break
                self._load_file(number, file)
                self._files_done += 1
            self._writer.flush()
            stopped = self._cancelled()
            self._tell("", "sessions", force=True)
            self._store.expect_rows(self._records)
            self.duplicates += rebuild(self._store.cursor()).duplicates
        self._rebuilt()
        self._tell("", "stopped" if stopped else "done", force=True)

    def _files_of_stdin(self, copy: Path) -> list[SourceFile]:
        """The copy of standard input, if it is a log; the user knows nothing of the copy's path."""
        errors: list[SourceError] = []
        files = [replace(file, shown=_STDIN) for file in find_sources([copy], errors)]
        self.unreadable += [SourceError(e.message.replace(str(copy), _STDIN), e.advice) for e in errors]
        return files

    def _load_file(self, number: int, file: SourceFile) -> None:
        done_before = self._bytes_done
        records = 0
        problems: list[ReadProblem] = []
        notes: tuple[str, ...] = ()
        try:
            self._writer.add_source(number, file)
            with open_reader(file) as reader:
                for raw in reader.batches():
                    events, misread = self._normalise(raw, number)
                    records += events.num_rows
                    self._records += events.num_rows
                    self._bytes_done += raw.bytes_read
                    found = [*raw.problems, *(_misread(file.place, raw.header_ids[i]) for i in misread)]
                    problems += found
                    self.problems += found
                    self._writer.add_problems(number, found)
                    self._writer.add_events(events)
                    self._tell(str(file.place))
                    self._rebuild_meanwhile()
                    if self._cancelled():
                        break
                notes = tuple(reader.notes)
                self._note_signs(number, getattr(reader, "signs", ()))
                self.read[number] = file, reader.places
        except OSError as error:
            problem = ReadProblem(file.place, "file", None, None, f"reading stopped: {error.strerror or error}")
            problems.append(problem)
            self.problems.append(problem)
            self._writer.add_problems(number, [problem])
        self._writer.finish_source(number, records, notes)
        self.sources.append(Source(number, file.place, file.kind, file.size, records, len(problems), notes))
        if not self._cancelled():
            self._bytes_done = done_before + file.size

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
        file, places = self.read[event.source]
        if file.kind != "evtx" and not file.is_unchanged():
            return None  # an .evtx file tells by itself whether the record is still there
        with open_reader(file, places) as reader:
            return reader.record(event.header_id)

    def _note_signs(self, number: int, signs: Iterable[TamperSign]) -> None:
        """Only some formats can show any."""
        found = list(signs)
        self.signs += found
        self._writer.add_signs(number, found)

    def salvage(self, paths: Sequence[Path], cancelled: Callable[[], bool], *, in_sessions: bool) -> None:
        """Search all files for records that were not read.

        Args:
            paths: Files and folders, as the user gave them.
            cancelled: Asked between batches; what was found until then is kept.
            in_sessions: Whether what is found takes part in sessions.
        """
        with rare_collections():
            self.salvaging = Salvaging(self)
            self.salvaging.run(paths, cancelled)
            self._writer.flush()
            con = self._store.cursor()
            drop_known(con)
            if in_sessions:
                let_into_sessions(con)
            self._tell("", "sessions", force=True)
            self.duplicates += rebuild(con).duplicates
        self._rebuilt()
        self._tell("", "stopped" if cancelled() else "done", force=True)

    def expect(self, size: int) -> None:
        """Expect to search so many more bytes."""
        self._bytes_total += size

    def add_recovered(self, number: int, file: SourceFile, raw: RawBatch) -> None:
        """Add what salvage found in a file; a file that was not read is entered with its first record."""
        if raw.texts and number not in self.read:
            self.read[number] = file, None
            self._writer.add_source(number, file)
        events, _ = self._normalise(raw, number)
        self._records += events.num_rows
        self._bytes_done += raw.bytes_read
        self.problems += raw.problems
        self._writer.add_problems(number, raw.problems)
        self._writer.add_events(events)
        self._tell(str(file.place))

    def _rebuild_meanwhile(self) -> None:
        """Show sessions of what is there while a long load goes on, without spending much on it."""
        began = time.monotonic()
        if began < self._rebuild_due or self._seconds_left(began) < _NEARLY_DONE_SECONDS:
            return
        self._writer.flush()
        self._store.expect_rows(self._records)
        self.duplicates += rebuild(self._store.cursor()).duplicates
        self._rebuilt()
        now = time.monotonic()
        self._rebuild_due = now + max(_REBUILD_SHARE * (now - began), _SOONEST_REBUILD_SECONDS)

    def _seconds_left(self, now: float) -> float:
        share = self._bytes_done / self._bytes_total if self._bytes_total else 1.0
        return (now - self._began) * (1 / share - 1) if share else math.inf

    def _tell(self, current: str, stage: str = "reading", *, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._reported < _SECONDS_BETWEEN_REPORTS:
            return
        self._reported = now
        self._report(
            LoadProgress(
                files_done=self._files_done,
                files_total=self._files_total,
                bytes_done=self._bytes_done,
                bytes_total=self._bytes_total,
                records=self._records,
                problems=len(self.problems) + len(self.unreadable),
                seconds=now - self._began,
                current=current,
                stage=stage,  # type: ignore[arg-type]
            )
        )


def _misread(path: Path, header_id: int) -> ReadProblem:
    return ReadProblem(
        path, "record", None, header_id, "the record names no provider, or its contents are not of the usual shape"
    )
