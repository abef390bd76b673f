"""What a worker does first: read some files as a case does, and leave their tables as Parquet in the lake's staging.

The texts have codes of their own there, and sources numbers from 1 on: the lake's come when all has been read.
"""

from __future__ import annotations

import secrets
from contextlib import nullcontext, suppress
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from logonscope.case.chunk_places import ChunkPlaces
from logonscope.case.loading import Loading
from logonscope.case.options import USUAL_OPTIONS
from logonscope.fleet.deadline import ended_after, seconds_for
from logonscope.fleet.lake_writing import STAGING, making
from logonscope.fleet.private_database import private_store
from logonscope.fleet.source_listing import Unit, fetched, is_remote
from logonscope.fleet.stretches import let_have_processes, taken_from
from logonscope.fleet.tables import DIMS
from logonscope.garbage import rare_collections
from logonscope.lake.address import Address
from logonscope.lake.parquet_sql import quoted
from logonscope.readers.evtx_apart import runs_here
from logonscope.readers.sources import find_sources, log_suffixes
from logonscope.sessions.identity import name_spans
from logonscope.sessions.staging import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

    from logonscope.errors import SourceError
    from logonscope.fleet.stretches import Stretch
    from logonscope.lake.address import LakePlace
    from logonscope.readers.source_file import SourceFile
    from logonscope.store.case_store import CaseStore

_SUMMARY = "parsed.json"
_SMALL = 100_000_000
"""Bytes of files whose records may be kept in memory: 50 MB more than without."""
_FAST = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880"
_SPAN = pa.schema(
    [
        *((name, pa.int32()) for name in ("source", "channel", "computer")),
        ("name", pa.string()),
        *((f"{end}_header_id", pa.uint64()) for end in ("first", "last")),
        *((f"{end}_record_id", pa.uint64()) for end in ("first", "last")),
        ("last_time", pa.timestamp("us")),
    ]
)
_NAME = "UPDATE source SET path = ? || substr(path, ?) WHERE path = ? OR starts_with(path, ?)"
_STAGED = {
    "event": "SELECT * EXCLUDE row FROM event",
    "source": """
        SELECT s.*, e.first, e.last FROM source s
        LEFT JOIN (SELECT source, min(time) AS first, max(time) AS last FROM live_event GROUP BY source) e
            ON e.source = s.number""",
    "problem": "FROM problem",
    "sign": "FROM sign",
    "chunk_place": "FROM found_chunk ORDER BY source, first_header_id",
    "holding": "SELECT source, computer, count(*) AS records FROM event GROUP BY ALL",
    "name_span": "FROM span",
    **{name: f"FROM {name}" for name in DIMS},
}


@dataclass(frozen=True, slots=True)
class ParseTask:
    """Some files to read."""

    lake: LakePlace
    key: str
    """From the contents of the files: what has been read of the same files before is taken as it is."""
    units: tuple[Unit, ...]
    stretches: tuple[Stretch, ...] = ()
    """What has been read of those that are large."""
    is_careful: bool = False
    """Whether a worker has died of it before."""

    @property
    def summary(self) -> LakePlace:
        """What says where its tables are, when all of them are there."""
        return self.lake / STAGING / self.key / _SUMMARY

    @property
    def is_done(self) -> bool:
        """Whether they are."""
        return self.summary.exists()


class Parsed(msgspec.Struct, frozen=True):
    """What came of it."""

    key: str
    folder: str
    """Where its tables are, below the staging of the lake."""
    sources: int = 0
    records: int = 0
    problems: int = 0
    unreadable: list[tuple[str, str, str]] = []
    """Path of the unit, what is wrong, what to do; not sanitised."""


def parse(task: ParseTask) -> Parsed:
    """Read the files of a task; what is wrong with one is told of, and the others go on.

    Raises:
        OSError, StoreError: Something cannot be written.
    """
    let_have_processes()
    with suppress(FileNotFoundError):
        return msgspec.json.decode(task.summary.read_bytes(), type=Parsed)
    with making(task.lake, "parse") as part:
        size = sum(unit.size for unit in task.units)
        parsing = nullcontext() if task.is_careful else runs_here()
        with ended_after(seconds_for(size)), parsing, private_store(task.lake, small=size <= _SMALL) as store:
            parsed = _read(task, store, part)
        _show(task, part, parsed)
    return parsed


def _show(task: ParseTask, part: Path, parsed: Parsed) -> None:
    """Give complete tables their place; another worker may have been given the same task and be quicker."""
    place = task.lake / STAGING / parsed.folder
    if isinstance(place, Address):
        for file in part.iterdir():
            (place / file.name).upload(file)
        task.summary.write_bytes(msgspec.json.encode(parsed))
        return
    (part / _SUMMARY).write_bytes(msgspec.json.encode(parsed))
    with suppress(OSError):
        part.rename(place)


class _Reading(Loading):
    """Loading without the sessions: those wait for all records of the machine."""

    def _rebuild(self, con: duckdb.DuckDBPyConnection) -> None:
        pass

    def load_from(self, file: SourceFile, folder: Path, stretches: Sequence[Stretch]) -> None:
        """Load a file of which some may have been read."""
        own = [stretch for stretch in stretches if stretch.part.file == file]
        self._ahead = taken_from(file, folder, own, self._store.dims) if own else None
        self.load_file(file)


def _read(task: ParseTask, store: CaseStore, part: Path) -> Parsed:
    folder = store.file.parent
    loading = _Reading(store, _ignore, _nothing, _never, meanwhile=False, options=USUAL_OPTIONS)
    complaints: list[tuple[str, str, str]] = []
    with rare_collections():
        for unit in task.units:
            try:
                for file in _files(unit, folder, complaints):
                    loading.load_from(file, folder, task.stretches)
            except OSError as error:
                said = f"{unit.shown}: {error.strerror or error}"
                complaints.append((unit.shown, said, "Check that it can be read."))
        loading.rebuild()
    _write(store.cursor(), part, ChunkPlaces.of(loading.files), task.units)
    sources = len(loading.sources)
    named = f"{task.key}-{secrets.token_hex(4)}" if isinstance(task.lake, Address) else task.key
    return Parsed(task.key, named, sources, loading.records, len(loading.problems), complaints)


def _ignore(progress: object) -> None: ...


def _nothing() -> None: ...


def _never() -> bool:
    return False


def _files(unit: Unit, folder: Path, complaints: list[tuple[str, str, str]]) -> Iterator[SourceFile]:
    path = fetched(unit, folder) if is_remote(unit.path) else Path(unit.path)
    errors: list[SourceError] = []
    for file in find_sources([path], errors):
        yield replace(file, shown=unit.path)
    if unit.named or unit.path.lower().endswith(log_suffixes()):
        said = (error.message.replace(str(path), unit.shown).encode("utf-8", "backslashreplace") for error in errors)
        complaints += [(unit.shown, text.decode(), error.advice) for text, error in zip(said, errors, strict=True)]
    if is_remote(unit.path):
        path.unlink()


def _write(con: duckdb.DuckDBPyConnection, part: Path, chunks: ChunkPlaces, units: Iterable[Unit]) -> None:
    for unit in units:
        if is_remote(unit.path):  # a path made one slash of the two
            own = str(Path(unit.path))
            con.execute(_NAME, [unit.path, len(own) + 1, own, f"{own}/"])
    spans = [astuple(span) for span in name_spans(con)]
    con.register("span", table_of(_SPAN, spans))
    con.register("found_chunk", chunks.by_runs())
    for table, query in _STAGED.items():
        con.execute(f"COPY ({query}) TO {quoted(part / f'{table}.parquet')} ({_FAST})")
