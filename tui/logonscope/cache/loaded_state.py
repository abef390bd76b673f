"""What the program knows of a load beside the rows in its store, as it is kept between runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from logonscope.cache.record_places import places_from_plain, plain_places
from logonscope.errors import SourceError
from logonscope.knowledge.toml_file import fitted
from logonscope.model import ReadProblem, Source, TamperSign
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class LoadedState(msgspec.Struct, frozen=True):
    """What is to be known of a kept case without opening its store."""

    paths: tuple[str, ...]
    """As the user named them, absolute."""
    loaded_at: datetime
    """Aware, UTC."""
    evidence: str
    """Digest of what the file system says of all files below the paths; see ``EvidenceState``."""
    sample: str
    """Digest of stretches of the files that were loaded."""
    on_disk: tuple[str, ...]
    """The files that were loaded, archives as such."""
    evidence_bytes: int
    records: int
    duplicates: int
    left_out: int
    store_check: str = ""
    """What tells whether the store's file is as it was written."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read, and what finds its records again."""

    number: int
    file: SourceFile
    places: Any
    last_id: int
    """The greatest header ID read of it."""


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """What a load found beside the records."""

    sources: Sequence[Source]
    problems: Sequence[ReadProblem]
    unreadable: Sequence[SourceError]
    signs: Sequence[TamperSign]


def as_json(value: Any) -> bytes:
    """Plain values, the model's and paths among them, as JSON.

    Raises:
        ValueError: A path or a text is not fit for that.
    """
    return msgspec.json.encode(value, enc_hook=str)


def state_from(text: bytes) -> LoadedState:
    """The state again.

    Raises:
        ValueError: It is not what was written.
    """
    return fitted(msgspec.json.decode(text), LoadedState)


def outcome_json(found: LoadOutcome) -> bytes:
    """What a load found as JSON.

    Raises:
        ValueError: A path or a text is not fit for that.
    """
    errors = [(error.message, error.advice) for error in found.unreadable]
    return as_json([found.sources, found.problems, errors, found.signs])


def outcome_from(text: bytes) -> LoadOutcome:
    """The same again.

    Raises:
        ValueError: It is not what was written.
    """
    sources, problems, errors, signs = msgspec.json.decode(text)
    return LoadOutcome(
        [Source(**_with_path(entry) | {"notes": tuple(entry["notes"])}) for entry in sources],
        [ReadProblem(**_with_path(entry)) for entry in problems],
        [SourceError(*entry) for entry in errors],
        [TamperSign(**_with_path(entry)) for entry in signs],
    )


def _with_path(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {"path": Path(entry["path"])}


def files_json(files: Iterable[FileRead]) -> bytes:
    """The files that were read as JSON.

    Raises:
        ValueError: A path is not fit for that.
    """
    return as_json([(f.number, f.last_id, _plain_file(f.file), *plain_places(f.places)) for f in files])


def _plain_file(file: SourceFile) -> dict[str, Any]:
    return asdict(SourceFile(file.path, file.shown, file.size, file.kind, file.modified_ns, file.members))


def files_from(text: bytes) -> list[FileRead]:
    """The same again; files in archives are without what opens them.

    Raises:
        ValueError: It is not what was written.
    """
    return [
        FileRead(number, _file(entry), places_from_plain(kind, places), last_id)
        for number, last_id, entry, kind, places in msgspec.json.decode(text)
    ]


def _file(entry: dict[str, Any]) -> SourceFile:
    return SourceFile(**_with_path(entry) | {"members": tuple(entry["members"])})
