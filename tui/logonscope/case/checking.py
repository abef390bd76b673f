"""What can be said of one file without building a case: its kind, its records, what is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pyarrow.compute as pc

from logonscope.case.source_hashes import SourceHash, hash_of
from logonscope.model import ReadProblem
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.readers.evtx_layout import EvtxLayout
from logonscope.readers.formats import formats
from logonscope.readers.reader import open_reader
from logonscope.readers.salvage import Salvage

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

    from logonscope.model import TamperSign
    from logonscope.readers.source_file import SourceFile

_BEGINNINGS = {b"ElfFile\0": "it begins with ElfFile", b"ElfChnk\0": "it begins with ElfChnk, a chunk"}


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What one file holds, and how much of it could be read."""

    path: Path
    kind: str
    """A name of ``formats.toml``."""
    because: str
    """Why it was taken for that."""
    size: int
    """Bytes."""
    records: int
    """Live records."""
    failed: int
    """Records of which a problem tells."""
    first: datetime | None
    last: datetime | None
    """By time, naive UTC."""
    channels: dict[str, int]
    """Records by channel, the most first."""
    computers: dict[str, int]
    problems: tuple[ReadProblem, ...]
    signs: tuple[TamperSign, ...]
    notes: tuple[str, ...]
    layout: EvtxLayout | None
    """Of an .evtx file."""
    hash: SourceHash
    stale: dict[str, list[int]] = field(default_factory=dict)
    """Offsets of records that salvage can read, by the kinds of ``knowledge/recovery.toml``; of the others under ""."""

    @property
    def verdict(self) -> Literal["complete", "partly", "nothing"]:
        """How much of it could be read; an empty log is complete."""
        if not self.problems:
            return "complete"
        return "partly" if self.records else "nothing"


class _Seen:
    """What the records of a file are of."""

    def __init__(self) -> None:
        self.dims = Dims()
        self.normalise = Normaliser(self.dims)
        self.codes: dict[str, Counter[int]] = {"channel": Counter(), "computer": Counter()}
        self.times: list[datetime] = []
        self.records = 0

    def add(self, events: pa.RecordBatch) -> None:
        """Count a batch."""
        self.records += events.num_rows
        for name, counter in self.codes.items():
            for entry in pc.value_counts(events.column(name)).to_pylist():
                counter[entry["values"]] += entry["counts"]
        ends = pc.min_max(events.column("time")).as_py()
        known = [time for time in (*self.times, ends["min"], ends["max"]) if time is not None]
        self.times = [min(known), max(known)] if known else []

    def counts(self, name: str) -> dict[str, int]:
        """How often each text of a column occurs, the most frequent first."""
        texts = self.dims.text[name].texts
        return {texts[code]: count for code, count in self.codes[name].most_common()}


def check_file(file: SourceFile) -> FileVerdict:
    """Read a file to its end and say what is there.

    Args:
        file: The file.

    Returns:
        The verdict; what cannot be read is a problem of it.
    """
    seen = _Seen()
    problems: list[ReadProblem] = []
    notes: tuple[str, ...] = ()
    signs: tuple[TamperSign, ...] = ()
    places: Any = None
    stale: dict[str, list[int]] = {}
    try:
        with open_reader(file) as reader:
            for raw in reader.batches():
                problems += raw.problems
                if raw.texts:
                    seen.add(seen.normalise(raw, 0)[0])
            notes, signs, places = tuple(reader.notes), tuple(getattr(reader, "signs", ())), reader.places
        if isinstance(places, EvtxLayout):
            stale = _stale(file, places)
    except OSError as error:
        problems.append(ReadProblem(file.place, "file", None, None, f"reading stopped: {error.strerror or error}"))
    first, last = seen.times or (None, None)
    return FileVerdict(
        path=file.place,
        kind=file.kind,
        because=_because(file),
        size=file.size,
        records=seen.records,
        failed=sum(problem.part == "record" for problem in problems),
        first=first,
        last=last,
        channels=seen.counts("channel"),
        computers=seen.counts("computer"),
        problems=tuple(problems),
        signs=signs,
        notes=notes,
        layout=places if isinstance(places, EvtxLayout) else None,
        hash=hash_of(file),
        stale=stale,
    )


def _stale(file: SourceFile, layout: EvtxLayout) -> dict[str, list[int]]:
    salvage = Salvage()
    salvage.learn(file, layout)
    found: dict[str, list[int]] = {}
    for raw in salvage.search(file, layout):
        if raw.offsets:
            found.setdefault(raw.recovered, []).extend(raw.offsets)
        lost = [problem.offset for problem in raw.problems if problem.offset is not None]
        if lost:
            found.setdefault("", []).extend(lost)
    return found


def _because(file: SourceFile) -> str:
    if file.kind != "evtx":
        return f"its contents: {formats()[file.kind].made_by} write such"
    try:
        with file.open() as opened:
            head = opened.read(8)
    except OSError:
        return "its contents"
    return _BEGINNINGS.get(head, "it holds a record of such a log")
