"""The rows that a file gives, with their codes looked up."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.readers.reader import open_reader
from logonscope.readers.sources import find_sources

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.errors import SourceError
    from logonscope.model import ReadProblem

_ACCOUNTS = ("account", "target", "subject")
_GUID = re.compile(r"\{([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}")
_SPACES = re.compile(r"\s+")
_FRACTION = re.compile(r"(T\d\d:\d\d:\d\d\.\d{6})\d+(?=Z)")


@dataclass(frozen=True)
class FileRows:
    kind: str
    rows: list[dict[str, Any]]
    problems: list[ReadProblem]
    notes: tuple[str, ...]
    records: list[str | None]
    """Each record read again."""


def rows_of(path: Path) -> FileRows:
    """Read a file as loading does."""
    errors: list[SourceError] = []
    (file,) = find_sources([path], errors)
    dims = Dims()
    normalise = Normaliser(dims)
    rows: list[dict[str, Any]] = []
    problems: list[ReadProblem] = []
    with open_reader(file) as reader:
        for raw in reader.batches():
            problems += raw.problems
            batch, bad = normalise(raw, 1)
            assert not bad
            rows += [_looked_up(dims, row) for row in batch.to_pylist()]
        notes, places = tuple(reader.notes), reader.places
    with open_reader(file, places) as again:
        records = [again.record(row["header_id"]) for row in rows]
    return FileRows(file.kind, rows, problems, notes, records)


def _looked_up(dims: Dims, row: dict[str, Any]) -> dict[str, Any]:
    texts = {name: dim.texts[row[name]] for name, dim in dims.text.items()}
    accounts = {name: dims.account.accounts[row[name]] for name in _ACCOUNTS}
    return row | texts | accounts


def as_text(value: Any) -> Any:
    """Fields as far as texts keep them apart: not types, braces of GUIDs, runs of spaces, NULL and empty."""
    if isinstance(value, dict):
        texts = {name: as_text(part) for name, part in value.items() if name != "#attributes"}
        return {name: text for name, text in texts.items() if text}
    if isinstance(value, list):
        return [as_text(part) for part in value]
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
    return _SPACES.sub(" ", _FRACTION.sub(r"\1", _GUID.sub(lambda guid: guid[1].upper(), text))).strip()
