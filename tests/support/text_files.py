"""Files of text with known contents, read as loading reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.readers.reader import open_reader
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import ReadProblem


_READ_AGAIN = 50


@dataclass(frozen=True)
class TextFile:
    records: list[dict[str, Any]]
    """Each as its JSON has it, from Event on."""
    stamps: list[str]
    header_ids: list[int]
    problems: list[ReadProblem]
    notes: tuple[str, ...]
    again: dict[int, str | None]
    """Some of the records read again, by header ID."""
    bytes_read: int

    @property
    def record_ids(self) -> list[int | None]:
        return [record["System"]["EventRecordID"] for record in self.records]

    @property
    def fields(self) -> list[dict[str, Any] | None]:
        return [record["EventData"] for record in self.records]


def read_text(path: Path, contents: bytes, kind: str) -> TextFile:
    """Write a file and read it."""
    path.write_bytes(contents)
    file = SourceFile(path, str(path), len(contents), kind)
    with open_reader(file) as reader:
        batches = list(reader.batches())
        notes, places = tuple(reader.notes), reader.places
    ids = [number for batch in batches for number in batch.header_ids]
    with open_reader(file, places) as again:
        texts = {number: again.record(number) for number in ids[:: max(1, len(ids) // _READ_AGAIN)]}
        assert again.record(max(ids, default=0) + 1000) is None
    return TextFile(
        records=[json.loads(text)["Event"] for batch in batches for text in batch.texts],
        stamps=[stamp for batch in batches for stamp in batch.stamps],
        header_ids=ids,
        problems=[problem for batch in batches for problem in batch.problems],
        notes=notes,
        again=texts,
        bytes_read=sum(batch.bytes_read for batch in batches),
    )
