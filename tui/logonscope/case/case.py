"""The facade that the screens and the command line work with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from logonscope.case.facets import count_values
from logonscope.case.interrupted import cancellable
from logonscope.case.lake_focus import first_of_lake, focus_of, focus_of_list
from logonscope.case.lake_sources import sources_in_lake
from logonscope.case.loaded_case import LoadedCase
from logonscope.case.logon_type_counts import count_logon_types
from logonscope.case.reread import read_again
from logonscope.case.row_refs import find_rows
from logonscope.case.search import search_condition
from logonscope.case.slow_lists import SlowLists
from logonscope.case.trace import find_signs, source_machines
from logonscope.case.view import TABLES
from logonscope.case.who import who_was_on
from logonscope.case.zones import zones_now
from logonscope.filters.terms import EVERYTHING
from logonscope.findings.rule import rules
from logonscope.findings.run import run_rules
from logonscope.findings.stored import stored_findings
from logonscope.findings.user_rules import NOTHING_SAID
from logonscope.lake.lake_store import LakeStore
from logonscope.lake.origins import fetch_origins
from logonscope.lake.overview import fetch_overview
from logonscope.store.coverage_rows import fetch_boots, fetch_coverage, gaps_of_session
from logonscope.store.row_window import Positions, RowWindow, count_rows, open_window, open_window_around
from logonscope.store.session_rows import fetch_absences, fetch_evidence, fetch_sessions, sessions_of_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from logonscope.case.facets import ValueCounts
    from logonscope.case.row_refs import RowRef
    from logonscope.case.view import View
    from logonscope.filters.lookup import Lookup
    from logonscope.filters.terms import Node
    from logonscope.findings.finding import Findings
    from logonscope.findings.user_rules import UserRules
    from logonscope.lake.origins import Origin
    from logonscope.lake.overview import MachineOverview
    from logonscope.model import (
        Absence,
        Boot,
        CoverageMark,
        Event,
        Evidence,
        Session,
        SourceMachine,
        Who,
    )

_END_OF_TIME = datetime(9999, 12, 31)
_MOST_ROWS_OF_LAKE = 500_000
"""Nobody scrolls through more."""


class Case(LoadedCase):
    """The questions that are asked of a case.

    ``load`` runs in one thread; every other method may be called from any thread at any time, and sees what has been
    loaded so far.
    """

    @cached_property
    def _slow_lists(self) -> SlowLists:
        return SlowLists()

    def _asked_now(self) -> Lookup:
        """The same for a question: before the end of the log is known, nothing lies shortly before it."""
        lookup = self.lookup()
        return lookup if self._is_loaded or lookup.log_end else replace(lookup, log_end=_END_OF_TIME)

    def _asking(self, node: Node, cursor: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyConnection:
        """A connection for what a filter leaves: of a lake, only the files that may hold it are opened."""
        con = cursor or self._store.cursor()
        if isinstance(self._store, LakeStore):
            self._store.focus(con, focus_of(self._store, con, node, self._asked_now()).without_lists())
        return con

    @property
    def most_rows(self) -> int | None:
        """How long a list may be; None for any length."""
        return _MOST_ROWS_OF_LAKE if isinstance(self._store, LakeStore) else None

    def check(self, view: View) -> None:
        """See whether the values of a filter make sense.

        Raises:
            FilterError: One of them does not.
        """
        view.where(self._asked_now())

    def window(self, view: View, cursor: duckdb.DuckDBPyConnection | None = None, most: int | None = None) -> RowWindow:
        """Run a view: its rows, counted and in order.

        Args:
            view: What to list.
            cursor: A connection that another thread may interrupt; a new one if None.
            most: How many rows of a list are enough that takes long; all of them if None.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
            QueryCancelledError: The cursor was interrupted.
        """
        lookup = self._asked_now()
        query = view.sql(lookup)
        with cancellable():
            con = cursor or self._store.cursor()
            if isinstance(self._store, LakeStore):
                found = first_of_lake(self._store, con, view, lookup, most)
            else:
                found = None if most is None else self._slow_lists.first_rows(con, view, lookup, most)
            if found is not None:
                return found
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
            found = open_window(self._asking(view.filter, cursor), query.text, query.parameters)
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
        lookup = self._asked_now()
        where = view.where(lookup)
        with cancellable():
            con = cursor or self._store.cursor()
            if isinstance(self._store, LakeStore):
                self._store.focus(con, focus_of_list(self._store, con, view, lookup))
            return count_rows(con, TABLES[view.target], where.text, where.parameters)

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
            con = self._asking(view.filter, cursor)
            return count_values(con, self._asked_now(), field, view, containing, limit)

    def _cursor_of(self, rows: Sequence[int]) -> duckdb.DuckDBPyConnection:
        """A connection for what belongs to some rows (events) or IDs (sessions)."""
        cursor = self._store.cursor()
        self._store.focus_on_rows(cursor, rows)
        return cursor

    def events(self, rows: Sequence[int]) -> list[Event]:
        """Events by row number, in the order asked for."""
        cursor = self._store.cursor()
        self._store.focus_on_events(cursor, rows)
        return self._events.fetch(cursor, rows)

    def sessions(self, session_ids: Sequence[int]) -> list[Session]:
        """Sessions by ID, in the order asked for."""
        return fetch_sessions(self._cursor_of(session_ids), session_ids)

    def evidence(self, session_id: int) -> list[Evidence]:
        """The records that carry a session's logon ID in its boot."""
        return fetch_evidence(self._cursor_of([session_id]), session_id)

    def sessions_of_event(self, row: int) -> list[int]:
        """The sessions that an event belongs to, the one that it is about first."""
        return sessions_of_event(self._cursor_of([row]), row)

    def absences(self, session_id: int) -> list[Absence]:
        """The times away from a desktop session, in order; they may overlap."""
        return fetch_absences(self._cursor_of([session_id]), session_id)

    def gaps_of(self, session_id: int) -> list[CoverageMark]:
        """Missing, cleared and lost records while a session lasted."""
        return gaps_of_session(self._cursor_of([session_id]), session_id)

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
        if isinstance(self._store, LakeStore):
            return stored_findings(con, own, were_run=self._store.has_findings)
        return run_rules(con, rules(), own.thresholds, zones_now(con), own.watchlist)

    def origins(self) -> list[Origin]:
        """Where the remote sessions of a lake came from, as it was found when it was built; nothing for other cases."""
        return fetch_origins(self._store.cursor()) if self.is_lake else []

    def overview(self) -> list[MachineOverview]:
        """The machines of a lake at one glance, what to look at first before the others; nothing for other cases."""
        return fetch_overview(self._store.cursor()) if self.is_lake else []

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
        con = self._store.cursor()
        if isinstance(self._store, LakeStore):
            return sources_in_lake(self._store, con, session_id)
        return source_machines(con, session_id, find_signs(con, [session_id]))

    def logon_type_counts(self, view: View) -> dict[int, tuple[int, int]]:
        """Logons (4624) and refusals (4625) of each logon type among the events of a view.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
        """
        return count_logon_types(self._asking(view.filter), view.where(self._asked_now()))

    def event_record(self, event: Event) -> str:
        """The record as its file has it, read again: XML as Windows wrote it where the format keeps that.

        Args:
            event: The event.

        Raises:
            SourceError: The file is gone or changed.
        """
        self._files()
        return read_again(self._contents, event)
