"""A lake as a case has it: what it was made of, in place of a loading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.case.chunk_places import ChunkPlaces
from logonscope.case.source_hashes import SourceHash
from logonscope.errors import StoreError
from logonscope.lake.address import AddressPath, case_path, lake_place
from logonscope.lake.snapshot import is_lake
from logonscope.model import LoadProgress, ReadProblem, Source, TamperSign
from logonscope.readers.reader import open_reader
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from logonscope.case.options import LoadOptions
    from logonscope.errors import SourceError
    from logonscope.lake.address import LakePlace
    from logonscope.lake.lake_store import LakeStore
    from logonscope.model import Event

_SOURCES = """
    SELECT s.number, s.path, s.kind, s.size, s.records, coalesce(p.problems, 0), s.notes
    FROM source s LEFT JOIN (SELECT source, count(*) AS problems FROM problem GROUP BY source) p ON p.source = s.number
    ORDER BY s.number
"""
_PROBLEMS = """
    SELECT s.path, p.part, p."offset", p.header_id, p.reason
    FROM problem p JOIN source s ON s.number = p.source ORDER BY p.source, p."offset", p.header_id
"""
_CHUNKS = """
    SELECT DISTINCT source, first_header_id, last_header_id, "offset" FROM chunk_place
    WHERE source IN (SELECT unnest(?::INTEGER[])) ORDER BY ALL
"""
_HASHES = """
    SELECT s.number, arg_max(i.sha256, i.generation), s.size::BIGINT
    FROM source s JOIN ingested i ON i.path = s.path AND i.size = s.size
    WHERE i.sha256 <> '' AND i.error = '' GROUP BY s.number, s.size
"""
_HASHED = "the file, when the lake was made"
_SIGNS = 'SELECT s.path, g.kind, g."offset", g.seen FROM sign g JOIN source s ON s.number = g.source ORDER BY ALL'


def lake_among(paths: Sequence[Path], options: LoadOptions) -> LakePlace | None:
    """The lake that is to be opened, as an address is taken for; None where files are to be loaded.

    Raises:
        StoreError: A lake is named with other files, or with what is only for files.
    """
    lakes = [path for path in paths if isinstance(path, AddressPath) or is_lake(path)]
    if not lakes:
        return None
    if len(paths) > 1:
        raise StoreError(f"{lakes[0]}: a lake is opened alone", "Name the lake, or only files and folders of logs.")
    if options.cut:
        raise StoreError(
            f"{lakes[0]}: a lake is opened whole, it cannot be cut ({options.cut})",
            "Use a filter: host:, since:, event:.",
        )
    return lake_place(str(lakes[0]))


class OpenedLake:
    """What a case asks of its loading, of a lake that is only read.

    Args:
        store: The lake.
    """

    def __init__(self, store: LakeStore) -> None:
        con = store.cursor()
        self.folder = store.folder
        self.sources = [
            Source(number, case_path(path), kind, size, records, problems, tuple(notes or ()))
            for number, path, kind, size, records, problems, notes in con.execute(_SOURCES).fetchall()
        ]
        self.problems = [ReadProblem(case_path(path), *rest) for path, *rest in con.execute(_PROBLEMS).fetchall()]
        self.signs = [TamperSign(case_path(path), *rest) for path, *rest in con.execute(_SIGNS).fetchall()]
        self.unreadable: list[SourceError] = []
        self.duplicates = self.left_out = 0
        (self.records,) = con.execute("SELECT coalesce(sum(records), 0)::BIGINT FROM overview").fetchone() or (0,)
        self.last_ids: dict[int, int] = {}
        self._store = store
        self._files: dict[int, tuple[SourceFile, Any]] = {}

    @property
    def files(self) -> dict[int, tuple[SourceFile, Any]]:
        """The source files that can be reached from here, by number."""
        if not self._files:
            found = ((source.number, source_file(source)) for source in self.sources)
            self._files = {number: (file, None) for number, file in found if file}
        return self._files

    def chunk_places(self, sources: Collection[int]) -> ChunkPlaces:
        """Where the chunks of some sources begin; of a lake that was made before this was kept, none are known."""
        return ChunkPlaces.from_rows(self._store.cursor().execute(_CHUNKS, [sorted(sources)]).fetchall())

    def hashes(self) -> dict[int, SourceHash]:
        """The hashes of the sources that are files of their own, as they were read."""
        found = self._store.cursor().execute(_HASHES).fetchall()
        return {number: SourceHash(sha256, _HASHED, size, None) for number, sha256, size in found}

    def record(self, event: Event) -> str | None:
        """Read a record again, where its file can be reached from here and is as long as it was.

        Returns:
            The text, or None where the file no longer has such a record.

        Raises:
            OSError: The file cannot be opened or read.
        """
        source = next(source for source in self.sources if source.number == event.source)
        file = source_file(source)
        if file is None:
            raise FileNotFoundError(0, "not here as it was when the lake was made")
        with open_reader(file) as reader:
            return reader.record(event.header_id)

    def progress(self, seconds: float) -> LoadProgress:
        """What is to be told when it is open."""
        return LoadProgress(
            files_done=len(self.sources),
            files_total=len(self.sources),
            bytes_done=sum(source.size for source in self.sources),
            bytes_total=sum(source.size for source in self.sources),
            records=self.records,
            problems=len(self.problems),
            seconds=seconds,
            current="",
            stage="done",
        )


def source_file(source: Source) -> SourceFile | None:
    """The file that a lake was made from, where it is there with the size that it had."""
    try:
        state = source.path.stat()
    except OSError:
        return None
    if state.st_size != source.size or not source.path.is_file():
        return None
    return SourceFile(source.path, str(source.path), source.size, source.kind, state.st_mtime_ns)
