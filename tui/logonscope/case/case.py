"""The facade that the screens and the command line work with."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from logonscope.case.facets import count_values
from logonscope.case.interrupted import cancellable
from logonscope.case.loading import Loading, store_errors
from logonscope.case.logon_type_counts import count_logon_types
from logonscope.case.names import read_names
from logonscope.case.options import USUAL_OPTIONS, LoadOptions
from logonscope.case.over_time import OverTime
from logonscope.case.reread import read_again
from logonscope.case.row_refs import find_rows
from logonscope.case.search import search_condition
from logonscope.case.trace import source_machines
from logonscope.case.view import TABLES
from logonscope.case.who import who_was_on
from logonscope.case.work_folder import WorkFolder
from logonscope.case.zones import zones_now
from logonscope.filters.lookup import Lookup
from logonscope.filters.terms import EVERYTHING
from logonscope.findings.rule import rules
from logonscope.findings.run import run_rules
from logonscope.findings.user_rules import NOTHING_SAID
from logonscope.store.case_store import CaseStore
from logonscope.store.coverage_rows import fetch_boots, fetch_coverage, gaps_of_session
from logonscope.store.event_rows import EventRows
from logonscope.store.row_window import Positions, RowWindow, count_rows, open_window, open_window_around
from logonscope.store.session_rows import fetch_absences, fetch_evidence, fetch_sessions, sessions_of_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import duckdb

    from logonscope.case.facets import ValueCounts
    from logonscope.case.row_refs import RowRef
    from logonscope.case.view import View
    from logonscope.errors import SourceError
    from logonscope.filters.terms import Node
    from logonscope.findings.finding import Findings
    from logonscope.findings.user_rules import UserRules
    from logonscope.model import (
        Absence,
        Boot,
        CoverageMark,
        Event,
        Evidence,
        LoadProgress,
        ReadProblem,
        Session,
        Source,
        SourceMachine,
        Who,
    )

_END_OF_TIME = datetime(9999, 12, 31)


class Case:
    """Some event files, loaded and indexed.

    ``load`` runs in one thread; every other method may be called from any thread at any time, and sees what has been
    loaded so far.

    Args:
        paths: Files and folders to load.
        stdin: Standard input, where that is to be read too.
        work_parent: Where to make the folder of the store; the user's cache folder if None.
        options: What is loaded, and what it may cost.

    Raises:
        StoreError: The store cannot be made.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        stdin: BinaryIO | None = None,
        work_parent: Path | None = None,
        options: LoadOptions = USUAL_OPTIONS,
    ) -> None:
        self.paths = tuple(paths)
        self.options = options
        self._stdin = stdin
        self._work = WorkFolder(work_parent)
        self._store = CaseStore(self._work.path)
        self._loading: Loading | None = None
        self._is_loaded = False
        self._began = 0.0
        self._lookup = Lookup()
        self._lock = threading.Lock()
        self._machine_names: dict[tuple[int, int], str] = {}
        self._events = EventRows(self._store.dims, self._machine_names)
        self.over_time = OverTime(self.cursor, self.lookup)

    def __enter__(self) -> Case:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store and delete its folder."""
        try:
            self._store.close()
        finally:
            self._work.remove()

    def load(
        self,
        report: Callable[[LoadProgress], None] = lambda progress: None,
        rebuilt: Callable[[], None] = lambda: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        meanwhile: bool = False,
    ) -> None:
        """Load all sources and rebuild the sessions.

        Args:
            report: Called at most four times a second in the loading thread.
            rebuilt: Called each time the sessions have been rebuilt.
            cancelled: Asked between batches; what was read until then is kept.
            meanwhile: Whether to rebuild now and then while loading goes on, for somebody who watches.

        Raises:
            StoreError: The store cannot be written, e.g. because the disk is full.
        """

        def refresh() -> None:
            self._refresh_names()
            rebuilt()

        self._began = time.time()
        self._loading = Loading(self._store, report, refresh, cancelled, meanwhile=meanwhile, options=self.options)
        with store_errors(self._work.path):
            self._loading.run(self.paths, self._stdin, self._work.path)
            self._is_loaded = True

    def follow(self, came: Callable[[], None] = lambda: None) -> None:
        """Load what comes to the files and folders, until what ``load`` was given as ``cancelled`` says so.

        Args:
            came: Called when something has come, and the sessions are rebuilt; ``StoreError`` as in ``load``.
        """
        from logonscope.case.following import Following, follow

        if self._loading:
            with store_errors(self._work.path):
                follow(Following(self._loading, self.paths, self.options, self._began), came)

    def salvage(self, cancelled: Callable[[], bool] = lambda: False, *, in_sessions: bool = False) -> int | None:
        """Search the files for records that were not read, after ``load`` and in its thread.

        Args:
            cancelled: Asked between batches; what was found until then is kept.
            in_sessions: Whether recovered records take part in sessions and coverage.

        Returns:
            How many records were recovered that the case did not hold; None where that was done before.
        """
        with store_errors(self._work.path):
            return self._loading.salvage(self.paths, cancelled, in_sessions=in_sessions) if self._loading else None

    def _refresh_names(self) -> None:
        lookup, machine_of = read_names(self._store.cursor(), self._store.dims)
        self._machine_names.update(machine_of)
        with self._lock:
            self._lookup = lookup

    @property
    def is_loaded(self) -> bool:
        """Whether loading has come to its end."""
        return self._is_loaded

    @property
    def sources(self) -> Sequence[Source]:
        """Files loaded so far."""
        return self._loading.sources if self._loading else ()

    @property
    def problems(self) -> Sequence[ReadProblem]:
        """What could not be read so far."""
        return self._loading.problems if self._loading else ()

    @property
    def unreadable(self) -> Sequence[SourceError]:
        """Paths that are no event logs or cannot be opened."""
        return self._loading.unreadable if self._loading else ()

    @property
    def duplicates(self) -> int:
        """Records that the files held twice, dropped."""
        return self._loading.duplicates if self._loading else 0

    @property
    def left_out(self) -> int:
        """Records that were left out, where only a part is loaded."""
        return self._loading.left_out if self._loading else 0

    def lookup(self) -> Lookup:
        """The names and texts that a filter is compiled with."""
        with self._lock:
            if self._lookup.texts:
                return self._lookup
        dims = self._store.dims
        return Lookup({name: dim.texts for name, dim in dims.text.items()}, dims.account.accounts)

    def _asked_now(self) -> Lookup:
        """The same for a question: before the end of the log is known, nothing lies shortly before it."""
        lookup = self.lookup()
        return lookup if self._is_loaded or lookup.log_end else replace(lookup, log_end=_END_OF_TIME)

    def check(self, view: View) -> None:
        """See whether the values of a filter make sense.

        Raises:
            FilterError: One of them does not.
        """
        view.where(self._asked_now())

    def cursor(self, on_open: Callable[[Callable[[], None]], None] | None = None) -> duckdb.DuckDBPyConnection:
        """A connection for one thread, to be passed to the methods below and interrupted from another thread.

        Args:
            on_open: Gets what interrupts its queries.
        """
        cursor = self._store.cursor()
        if on_open:
            on_open(cursor.interrupt)
        return cursor

    def window(self, view: View, cursor: duckdb.DuckDBPyConnection | None = None) -> RowWindow:
        """Run a view: its rows, counted and in order.

        Args:
            view: What to list.
            cursor: A connection that another thread may interrupt; a new one if None.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
            QueryCancelledError: The cursor was interrupted.
        """
        query = view.sql(self._asked_now())
        with cancellable():
            con = cursor or self._store.cursor()
            if view.lists_around:
                return open_window_around(con, query.text, query.parameters, view.around)
            return open_window(con, query.text, query.parameters)

    def search(
        self, window: RowWindow, view: View, node: Node, cursor: duckdb.DuckDBPyConnection | None = None
    ) -> Positions:
        """Where the rows stand that a search finds in a list, whole list and not only what is drawn of it.

        Args:
            window: The list.
            view: What it lists: events or sessions.
            node: What is searched for.
            cursor: A connection that another thread may interrupt; a new one if None.

        Raises:
            FilterError: A value makes no sense for its field.
            QueryCancelledError: The cursor was interrupted.
        """
        lookup = self.lookup()
        query = view.unordered_sql(lookup, search_condition(node, view.target, lookup))
        with cancellable():
            found = open_window(cursor or self._store.cursor(), query.text, query.parameters)
        return window.positions(found.rows)

    def find_rows(self, refs: Iterable[RowRef]) -> dict[RowRef, int]:
        """Row numbers (events) and IDs (all others) by what is cited of rows, for those in the case."""
        return find_rows(self._store.cursor(), refs)

    def count(self, view: View, cursor: duckdb.DuckDBPyConnection | None = None) -> int:
        """How many rows a view has.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
            QueryCancelledError: The cursor was interrupted.
        """
        where = view.where(self._asked_now())
        with cancellable():
            return count_rows(cursor or self._store.cursor(), TABLES[view.target], where.text, where.parameters)

    def value_counts(
        self,
        field: str,
        view: View,
        cursor: duckdb.DuckDBPyConnection | None = None,
        *,
        containing: str = "",
        limit: int = 1000,
    ) -> ValueCounts:
        """The values of a field in a list, with how often each occurs there; see ``count_values``.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
            QueryCancelledError: The cursor was interrupted.
        """
        with cancellable():
            return count_values(cursor or self._store.cursor(), self._asked_now(), field, view, containing, limit)

    def events(self, rows: Sequence[int]) -> list[Event]:
        """Events by row number, in the order asked for."""
        return self._events.fetch(self._store.cursor(), rows)

    def sessions(self, session_ids: Sequence[int]) -> list[Session]:
        """Sessions by ID, in the order asked for."""
        return fetch_sessions(self._store.cursor(), session_ids)

    def evidence(self, session_id: int) -> list[Evidence]:
        """The records that carry a session's logon ID in its boot."""
        return fetch_evidence(self._store.cursor(), session_id)

    def sessions_of_event(self, row: int) -> list[int]:
        """The sessions that an event belongs to, the one that it is about first."""
        return sessions_of_event(self._store.cursor(), row)

    def absences(self, session_id: int) -> list[Absence]:
        """The times away from a desktop session, in order; they may overlap."""
        return fetch_absences(self._store.cursor(), session_id)

    def gaps_of(self, session_id: int) -> list[CoverageMark]:
        """Missing, cleared and lost records while a session lasted."""
        return gaps_of_session(self._store.cursor(), session_id)

    def boots(self, boot_ids: Sequence[int] | None = None) -> list[Boot]:
        """Boots by ID, in the order asked for; all boots by machine and number if None."""
        return fetch_boots(self._store.cursor(), boot_ids)

    def coverage(self, mark_ids: Sequence[int] | None = None) -> list[CoverageMark]:
        """Coverage marks by ID, in the order asked for; all by machine, channel and time if None."""
        return fetch_coverage(self._store.cursor(), mark_ids)

    def findings(self, own: UserRules = NOTHING_SAID, cursor: duckdb.DuckDBPyConnection | None = None) -> Findings:
        """Run the rules over all that is loaded (LOGON.md section 5).

        Args:
            own: The user's watchlist and thresholds.
            cursor: A connection that another thread may interrupt; a new one if None.

        Raises:
            QueryCancelledError: The cursor was interrupted.
        """
        con = cursor or self._store.cursor()
        return run_rules(con, rules(), own.thresholds, zones_now(con), own.watchlist)

    def who(self, at: datetime, node: Node = EVERYTHING, cursor: duckdb.DuckDBPyConnection | None = None) -> Who:
        """Who was on at one moment (rule R27).

        Args:
            at: Naive UTC.
            node: Only sessions that fit this filter, and only the machines that it names.
            cursor: A connection that another thread may interrupt; a new one if None.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
            QueryCancelledError: The cursor was interrupted.
        """
        with cancellable():
            return who_was_on(cursor or self._store.cursor(), at, node, self.lookup())

    def source_machines(self, session_id: int) -> list[SourceMachine]:
        """The loaded machines that a remote session may have come from, the likeliest first."""
        return source_machines(self._store.cursor(), session_id)

    def logon_type_counts(self, view: View) -> dict[int, tuple[int, int]]:
        """Logons (4624) and refusals (4625) of each logon type among the events of a view.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
        """
        return count_logon_types(self._store.cursor(), view.where(self._asked_now()))

    def event_record(self, event: Event) -> str:
        """The record as its file has it, read again: XML as Windows wrote it where the format keeps that.

        Args:
            event: The event.

        Raises:
            SourceError: The file is gone or changed.
        """
        return read_again(self._loading, event)
