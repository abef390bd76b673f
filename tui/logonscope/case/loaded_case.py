"""A case from its loading to its end: the store, what fills it, and whether it is kept for the next start."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from duckdb import Error as DatabaseError

from logonscope.case.chunk_places import ChunkPlaces
from logonscope.case.keeping import Keeping
from logonscope.case.load_problems import store_errors
from logonscope.case.loading import Loading
from logonscope.case.names import read_names
from logonscope.case.opened_lake import OpenedLake, lake_among
from logonscope.case.options import USUAL_OPTIONS, LoadOptions
from logonscope.case.over_time import OverTime
from logonscope.case.record_offsets import RecordOffsets
from logonscope.case.source_hashes import SourceHashes
from logonscope.case.work_folder import WorkFolder
from logonscope.errors import StoreError
from logonscope.filters.lookup import Lookup
from logonscope.lake.lake_store import LakeStore
from logonscope.store.case_store import CaseStore
from logonscope.store.event_rows import EventRows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from logonscope.cache.kept_cases import KeptCases
    from logonscope.errors import SourceError
    from logonscope.lake.address import LakePlace
    from logonscope.model import LoadProgress, ReadProblem, Source
    from logonscope.readers.source_file import SourceFile
    from logonscope.store.open_store import OpenStore

_log = logging.getLogger(__name__)


class LoadedCase:
    """Some event files from their loading to the end of their store.

    ``load`` runs in one thread; every other method may be called from any thread at any time, and sees what has been
    loaded so far.

    Args:
        paths: Files and folders to load.
        stdin: Standard input, where that is to be read too.
        work_parent: Where to make the folder of the store; the user's cache folder if None.
        options: What is loaded, and what it may cost.
        cache: Where loaded cases are kept for the next start; None to load anew and to keep nothing.

    Raises:
        StoreError: The store cannot be made.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        stdin: BinaryIO | None = None,
        work_parent: Path | None = None,
        options: LoadOptions = USUAL_OPTIONS,
        cache: KeptCases | None = None,
    ) -> None:
        self.paths = tuple(paths)
        self.options = options
        self._stdin = stdin
        self._work = WorkFolder(work_parent)
        try:
            self._store: OpenStore = (own := CaseStore(self._work.path))
        except StoreError:
            self._work.remove()
            raise
        self._own_store = own
        self._stores: list[OpenStore] = [own]
        self._loading: Loading | None = None
        self._lake: OpenedLake | None = None
        self._keeping = Keeping(None if stdin or self._work.trouble else cache, self.paths, options)
        self._keeping.remark = self._work.trouble
        self._is_loaded = False
        self._began = 0.0
        self._lookup = Lookup()
        self._lock = threading.Lock()
        self._machine_names: dict[tuple[int, int], str] = {}
        self._events = EventRows(self._store.dims, self._machine_names)
        self.over_time = OverTime(self.cursor, self.lookup)
        self.hashes = SourceHashes(self._files, lambda: self._lake.hashes() if self._lake else {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close()
        if isinstance(error, Exception) and (told := self.told(error)) is not error:
            raise told from error

    def close(self) -> None:
        """Close the store, and delete its folder or keep it for the next start."""
        try:
            for store in self._stores:
                store.close()
        finally:
            self._keeping.end(self._work, self._own_store)

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

        self._began, began = time.time(), time.monotonic()
        self._new_loading = partial(
            Loading, report=report, rebuilt=refresh, cancelled=cancelled, meanwhile=meanwhile, options=self.options
        )
        if lake := lake_among(self.paths, self.options):
            self._open_lake(lake, report, refresh)
            return
        with store_errors(self._work.path):
            reopened = self._keeping.reopen(self._work.path, self._new_loading)
            if reopened:
                self._use(*reopened)
                reopened[1].tell_reopened()
            else:
                self._loading = loading = self._new_loading(self._own_store)
                self._keeping.begin()
                loading.run(self.paths, self._stdin, self._work.path)
                if not cancelled():
                    self._keeping.note(loading)
            self._is_loaded = True
        what, took = "reopened" if reopened else "loaded", time.monotonic() - began
        _log.debug("%s in %.2f s: %d sources, %d problems", what, took, len(self.sources), len(self.problems))

    def _open_lake(self, folder: LakePlace, report: Callable[[LoadProgress], None], opened: Callable[[], None]) -> None:
        self._open_store(store := LakeStore(folder, self._work.path))
        self._lake = OpenedLake(store)
        opened()
        self._is_loaded = True
        report(self._lake.progress(time.time() - self._began))

    def _use(self, store: CaseStore, loading: Loading) -> None:
        """Work with another store of the same rows; the one before stays open for whoever still reads it."""
        self._open_store(store)
        self._loading = loading
        store.expect_rows(loading.records)

    def _open_store(self, store: OpenStore) -> None:
        self._stores.append(store)
        self._store = store
        self._events = EventRows(store.dims, self._machine_names)

    def follow(self, came: Callable[[], None] = lambda: None) -> None:
        """Load what comes to the files and folders, until what ``load`` was given as ``cancelled`` says so.

        Args:
            came: Called when something has come, and the sessions are rebuilt; ``StoreError`` as in ``load``.
        """
        from logonscope.case.following import Following, follow

        if loading := self._own_loading("followed", "Add what came with logonscope fleet ingest, and open it again."):
            self._keeping.forget()
            with store_errors(self._work.path):
                follow(Following(loading, self.paths, self.options, self._began), came)

    def salvage(self, cancelled: Callable[[], bool] = lambda: False, *, in_sessions: bool = False) -> int | None:
        """Search the files for records that were not read, after ``load`` and in its thread.

        Args:
            cancelled: Asked between batches; what was found until then is kept.
            in_sessions: Whether recovered records take part in sessions and coverage.

        Returns:
            How many records were recovered that the case did not hold; None where that was done before.
        """
        loading = self._own_loading(
            "searched for lost records", "Search the files of one machine: logonscope FILES --salvage."
        )
        with store_errors(self._work.path):
            self._keeping.forget()
            if copied := self._keeping.copy(self._work.path, self._new_loading):
                self._use(*copied)
                loading = copied[1]
            return loading.salvage(self.paths, cancelled, in_sessions=in_sessions) if loading else None

    def _own_loading(self, done: str, advice: str) -> Loading | None:
        """What loads the files.

        Args:
            done: What is to be done with them.
            advice: What to do in place of that with a lake.

        Raises:
            StoreError: It is a lake that is only read.
        """
        if self._lake:
            raise StoreError(f"{self._lake.folder}: a lake cannot be {done}", advice)
        return self._loading

    def told(self, error: Exception) -> Exception:
        """An error in words for people: of a lake files may be gone since it was opened, or its store not answer."""
        if isinstance(self._store, LakeStore) and isinstance(error, DatabaseError):
            return self._store.told(error) or error
        return error

    @property
    def is_lake(self) -> bool:
        """Whether it is a lake, of the machines of a fleet, that was opened."""
        return self._lake is not None

    def _refresh_names(self) -> None:
        end = self._store.log_end() if isinstance(self._store, LakeStore) else None
        lookup, machine_of = read_names(self._store.cursor(), self._store.dims, end)
        self._machine_names.update(machine_of)
        with self._lock:
            self._lookup = lookup

    def _files(self) -> dict[int, SourceFile]:
        return {number: file for number, (file, _) in self._files_read().items()}

    def _files_read(self) -> Mapping[int, tuple[SourceFile, Any]]:
        if self._loading:
            self._keeping.find_files(self._loading)
        return dict(self._contents.files) if self._contents else {}

    def chunk_places(self, sources: Collection[int] = ()) -> ChunkPlaces:
        """Where the chunks of the .evtx files begin that have been read; of a lake those of some sources."""
        if self._lake:
            return self._lake.chunk_places(sources)
        return ChunkPlaces.of(self._files_read())

    def record_offsets(self) -> RecordOffsets:
        """Finds where the records in those chunks begin."""
        return RecordOffsets(self._files_read())

    @property
    def _contents(self) -> Loading | OpenedLake | None:
        """What knows of the files that the case is made of."""
        return self._lake or self._loading

    @property
    def is_loaded(self) -> bool:
        """Whether loading has come to its end."""
        return self._is_loaded

    @property
    def sources(self) -> Sequence[Source]:
        """Files loaded so far."""
        return self._contents.sources if self._contents else ()

    @property
    def problems(self) -> Sequence[ReadProblem]:
        """What could not be read so far."""
        return self._contents.problems if self._contents else ()

    @property
    def unreadable(self) -> Sequence[SourceError]:
        """Paths that are no event logs or cannot be opened."""
        return self._contents.unreadable if self._contents else ()

    @property
    def duplicates(self) -> int:
        """Records that the files held twice, dropped."""
        return self._loading.duplicates if self._loading else 0

    @property
    def cache_remark(self) -> str:
        """What is to be known of the cache, e.g. why nothing will be kept; mostly empty, not sanitised."""
        return self._keeping.remark

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

    def cursor(self, on_open: Callable[[Callable[[], None]], None] | None = None) -> duckdb.DuckDBPyConnection:
        """A connection for one thread, to be passed to the methods below and interrupted from another thread.

        Args:
            on_open: Gets what interrupts its queries.
        """
        cursor = self._store.cursor()
        if on_open:
            on_open(cursor.interrupt)
        return cursor
