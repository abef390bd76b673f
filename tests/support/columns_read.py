"""Chunks read by columns, and by the parser alone: the rows must be the same, and all that is said of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from logonscope.ahead.known_forms import NO_ROWS, KnownForms
from logonscope.ahead.parts import plan
from logonscope.ahead.reading import read_parts
from logonscope.demo.evtx_writer import file_header
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from logonscope.normalise.batch import Normaliser
    from logonscope.readers.evtx_layout import Chunk


class CountedForms(KnownForms):
    """Forms, and how many chunks the parser was spared."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.spared = 0

    def events(
        self, chunks: Sequence[Chunk], images: list[bytes], normalise: Normaliser, parse: Any
    ) -> tuple[pa.RecordBatch | None, list[range]]:
        """See there."""

        def counted(numbers: list[int]) -> Any:
            self.asked += len(numbers)
            return parse(numbers)

        events, rows = super().events(chunks, images, normalise, counted)
        self.spared += sum(map(bool, rows))
        return events, rows


class _NoForms(KnownForms):
    def events(self, chunks: Sequence[Chunk], images: list[bytes], normalise: Normaliser, parse: Any) -> Any:
        return None, [NO_ROWS] * len(chunks)


def spared(folder: Path, forms: CountedForms, *chunks: bytes) -> int:
    """Read chunks in both ways, which must give the same.

    Returns:
        How many of them the parser was not asked about.
    """
    log = folder / "log.evtx"
    log.write_bytes(b"".join([file_header(len(chunks), 1), *chunks]))
    before = forms.spared - forms.asked
    assert _read(log, forms) == _read(log, _NoForms())
    return forms.spared - forms.asked - before


def _read(log: Path, forms: KnownForms) -> list[Any]:
    """The rows with their texts, and what is said of each part."""
    events = log.with_suffix(".arrow")
    found = []
    file = SourceFile(log, str(log), log.stat().st_size, "evtx", log.stat().st_mtime_ns)
    for task in plan([file], 256):
        parts, _ = read_parts(task.parts, events, forms)
        with pa.OSFile(str(events)) as source:
            batch = pa.ipc.open_file(source).get_batch(0)
            found.append(batch.to_pylist())
            found += [_texts(column) for column in batch.columns if pa.types.is_dictionary(column.type)]
        events.unlink()
        for part in parts:
            said = [(run.start, run.stop, run.pieces, run.findings, run.left_out) for run in part.runs]
            found.append([part.records, part.misread, part.last_header_id, str(part.error), said])
    return found


def _texts(column: pa.DictionaryArray) -> set[str]:
    """All that it brings along, used or not."""
    return set(map(str, column.dictionary.to_pylist()))
