"""Salvage of a loaded case: what was not read of its files is searched, and what is found joins the events, marked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from logonscope.model import ReadProblem
from logonscope.readers.evtx_layout import EvtxLayout
from logonscope.readers.raw_files import raw_files
from logonscope.readers.salvage import Salvage
from logonscope.readers.sources import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import duckdb

    from logonscope.case.loading import Loading
    from logonscope.readers.source_file import SourceFile


class Salvaging:
    """One run of salvage, in the thread that loaded.

    Args:
        loading: What was loaded; sources, problems and records are added to it.
    """

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._salvage = Salvage()
        self._layouts: dict[int, tuple[SourceFile, EvtxLayout | None]] = {}

    def run(self, paths: Sequence[Path], cancelled: Callable[[], bool]) -> None:
        """Search the logs that were read, then all other files.

        Args:
            paths: Files and folders, as the user gave them.
            cancelled: Asked between batches; what was found until then is kept.
        """
        loading = self._loading
        logs = {n: (file, places) for n, (file, places) in loading.files.items() if isinstance(places, EvtxLayout)}
        read = [file.path for file, _ in loading.files.values()]
        others = list(raw_files(paths, read))
        if loading.copy:
            others += [replace(file, shown=STDIN) for file in raw_files([loading.copy], read)]
        loading.expect(sum(file.size for file, _ in logs.values()) + sum(file.size for file in others))
        for file, layout in logs.values():
            if not cancelled():
                self._try(file, partial(self._salvage.learn, file, layout))
        for number, (file, layout) in logs.items():
            self._search(file, layout, number, cancelled)
        for file in others:
            self._search(file, None, None, cancelled)
        loading.unreadable[:] = [
            error
            for error in loading.unreadable
            if not any(source.recovered and error.message.startswith(f"{source.path}: ") for source in loading.sources)
        ]

    def record(self, source: int, offset: int) -> str | None:
        """Read a recovered record again, as XML.

        Args:
            source: The number of its source.
            offset: As in ``Event.found_at``.

        Raises:
            OSError: The file cannot be opened or read.
        """
        file, layout = self._layouts[source]
        return self._salvage.xml(file, layout, offset)

    def _search(
        self, file: SourceFile, layout: EvtxLayout | None, number: int | None, cancelled: Callable[[], bool]
    ) -> None:
        """Search a file; one without a number is entered when something is found in it."""

        def search() -> None:
            known = number
            for raw in self._salvage.search(file, layout):
                if cancelled():
                    return
                self._loading.searched(file, raw.bytes_read)
                if raw.texts or raw.problems:
                    known = known or self._loading.enter(file)
                    self._layouts[known] = file, layout
                    self._loading.add_recovered(known, raw)

        if not cancelled():
            self._try(file, search)

    def _try(self, file: SourceFile, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            problem = ReadProblem(file.place, "file", None, None, f"salvage stopped: {error.strerror or error}")
            self._loading.problems.append(problem)


def drop_known(con: duckdb.DuckDBPyConnection) -> int:
    """Delete recovered records that the case holds alive, or that were recovered twice.

    A record is known by its channel, computer, EventRecordID and time.

    Returns:
        How many were deleted.
    """
    found = con.execute("""
        DELETE FROM event WHERE row IN (
            SELECT row
            FROM (SELECT DISTINCT channel, computer, record_id FROM event WHERE recovered > 0) r
            JOIN event e USING (channel, computer, record_id)
            QUALIFY row_number() OVER (
                PARTITION BY e.channel, e.computer, e.record_id, e.time, e.tick
                ORDER BY e.recovered > 0, e.source, e.recovered, e.found_at) > 1
                AND e.recovered > 0)
    """).fetchall()
    return int(found[0][0])


def let_into_sessions(con: duckdb.DuckDBPyConnection) -> None:
    """Let recovered records take part when sessions and coverage are rebuilt."""
    con.execute("CREATE OR REPLACE VIEW live_event AS FROM event")
