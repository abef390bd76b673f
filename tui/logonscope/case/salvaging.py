"""Salvage of a loaded case: what was not read of its files is searched, and what is found joins the events, marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logonscope.model import ReadProblem, Source
from logonscope.readers.evtx_layout import EvtxLayout
from logonscope.readers.raw_files import raw_files
from logonscope.readers.salvage import Salvage

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
        others = list(raw_files(paths, [file.path for file, _ in loading.files.values()]))
        loading.expect(sum(file.size for file, _ in logs.values()) + sum(file.size for file in others))
        for file, layout in logs.values():
            if not cancelled():
                self._try(file, lambda file=file, layout=layout: self._salvage.learn(file, layout))  # type: ignore[misc]
        for number, (file, layout) in logs.items():
            self._search(number, file, layout, cancelled)
        for file in others:
            self._search(max(self._layouts, default=0) + len(loading.sources) + 1, file, None, cancelled)
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

    def _search(self, number: int, file: SourceFile, layout: EvtxLayout | None, cancelled: Callable[[], bool]) -> None:
        if cancelled():
            return
        loading = self._loading
        self._layouts[number] = file, layout
        recovered = 0
        problems: list[ReadProblem] = []

        def search() -> None:
            nonlocal recovered
            for raw in self._salvage.search(file, layout):
                recovered += len(raw.texts)
                problems.extend(raw.problems)
                loading.add_recovered(number, file, raw)
                if cancelled():
                    return

        self._try(file, search)
        known = next((source for source in loading.sources if source.number == number), None)
        if known is not None:
            place = loading.sources.index(known)
            more = known.problems + len(problems)
            loading.sources[place] = replace(known, recovered=recovered, problems=more)
        elif recovered:
            loading.sources.append(Source(number, file.place, file.kind, file.size, 0, len(problems), (), recovered))

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
                ORDER BY e.recovered > 0, e.recovered, e.source, e.found_at) > 1
                AND e.recovered > 0)
    """).fetchall()
    return int(found[0][0])


def let_into_sessions(con: duckdb.DuckDBPyConnection) -> None:
    """Let recovered records take part when sessions and coverage are rebuilt."""
    con.execute("CREATE OR REPLACE VIEW live_event AS FROM event")
