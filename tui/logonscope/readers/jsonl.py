"""Reader of events as JSON, in the shapes that tools give them."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from logonscope.display import plural
from logonscope.model import ReadProblem
from logonscope.readers.json_records import event_text
from logonscope.readers.json_shapes import ShapeFinder, json_shapes
from logonscope.readers.json_values import Fault, Value, json_values
from logonscope.readers.raw import RawBatch
from logonscope.readers.stamps import utc_stamp
from logonscope.readers.utf8 import Utf8Blocks, encoding_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.source_file import SourceFile

_FIRST_RECORDS = 100
_RECORDS = 2000
_RECORDS_PER_PLACE = 1000
_NO_SHAPE = "a JSON object that is no event of a known shape"
_BEFORE = b"\xef\xbb\xbf \t\r\n\0\x1e"
_BEGINNINGS = (b"{", b"[", b"R")
"""An object, an array, or the line ``Record 1`` before an object."""
_VALUES_LOOKED_AT = 20
_USUAL_BEGINNING = b'{"Event":{"'


def is_json_log(head: bytes) -> bool:
    """Whether a file holds events as JSON: one of its first few objects is an event.

    Args:
        head: How the file begins.
    """
    encoding = encoding_of(head)
    if encoding != "utf-8":
        head = head.decode(encoding, "replace").encode("utf-8", "replace")
    if head.lstrip(_BEFORE)[:1] not in _BEGINNINGS:
        return False
    values = (found for found in json_values([head]) if isinstance(found, Value))
    find = ShapeFinder()
    return any(find(value.record) for value in islice(values, _VALUES_LOOKED_AT))


class Places(NamedTuple):
    """What finds a record again: the offset in the file of every thousandth, from the first."""

    offsets: list[int]
    encoding: str


class _Batch:
    """What has been read since the last batch."""

    def __init__(self) -> None:
        self.header_ids: list[int] = []
        self.stamps: list[str] = []
        self.texts: list[str] = []
        self.problems: list[ReadProblem] = []

    def full(self, count: int) -> bool:
        return len(self.texts) >= count or len(self.problems) >= count


class JsonReader:
    """One open file of JSON.

    Args:
        file: The file.
        places: What an earlier reading of it found.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        self._path = file.place
        self._file = file.open()
        self.places = places or Places([], encoding_of(self._file.read(2)))
        self._find = ShapeFinder()
        self._shapes: Counter[str] = Counter()
        self._without_id = 0

    def __enter__(self) -> JsonReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """The shapes met and what they lack."""
        shapes = {shape.name: shape for shape in json_shapes().shape}
        found = [
            f"{plural(count, 'record')} as {shapes[name].words} writes them: {shapes[name].lacks}"
            for name, count in self._shapes.most_common()
        ]
        if self._without_id:
            found.append(
                f"{plural(self._without_id, 'record')} without EventRecordID: the place in the file stands for it"
            )
        return tuple(found)

    def batches(self) -> Iterator[RawBatch]:
        """All records in the order of the file, the first few alone so that something is there at once."""
        self._file.seek(0)
        blocks = Utf8Blocks(self._file, self.places.encoding)
        batch, taken, number, wanted = _Batch(), 0, 0, _FIRST_RECORDS
        self.places.offsets.clear()
        faults = _Faults()
        for found in json_values(blocks):
            if isinstance(found, Fault):
                faults.add(blocks.source_offset(found.offset), found.reason)
            else:
                number = self._add(batch, found, number, blocks, faults)
            batch.problems += faults.told(self._path)
            if batch.full(wanted):
                reached = self._file.tell()
                yield RawBatch(batch.header_ids, batch.stamps, batch.texts, reached - taken, tuple(batch.problems))
                batch, taken, wanted = _Batch(), reached, _RECORDS
        batch.problems += faults.told(self._path, last=True)
        yield RawBatch(batch.header_ids, batch.stamps, batch.texts, self._file.tell() - taken, tuple(batch.problems))

    def _add(self, batch: _Batch, value: Value, number: int, blocks: Utf8Blocks, faults: _Faults) -> int:
        found = self._find(value.record)
        if found is None:
            faults.add(blocks.source_offset(value.offset), _NO_SHAPE)
            return number
        faults.end()
        shape, record = found
        if shape.name == "evtx":
            stamp, text = _as_it_is(value, record)
        else:
            stamp, text = event_text(shape, record)
            self._without_id += '"EventRecordID":null' in text[:1024]
        if not number % _RECORDS_PER_PLACE:
            self.places.offsets.append(blocks.source_offset(value.offset))
        number += 1
        if value.mended or not stamp:
            reason = value.mended or "the time of this record cannot be read"
            place = blocks.source_offset(value.offset)
            batch.problems.append(ReadProblem(self._path, "record", place, number, reason))
        self._shapes[shape.name] += 1
        batch.header_ids.append(number)
        batch.stamps.append(stamp)
        batch.texts.append(text)
        return number

    def record(self, header_id: int) -> str | None:
        """Read one record again: the JSON as the file has it.

        Args:
            header_id: Its place among the records of the file, from 1.
        """
        place, before = divmod(header_id - 1, _RECORDS_PER_PLACE)
        if not 0 <= place < len(self.places.offsets):
            return None
        self._file.seek(self.places.offsets[place])
        for found in json_values(Utf8Blocks(self._file, self.places.encoding)):
            if isinstance(found, Value) and self._find(found.record) is not None:
                if not before:
                    return found.text.decode("utf-8", "replace")
                before -= 1
        return None


class _Faults:
    """What could not be read: what follows without a record between is one problem, however long it is."""

    def __init__(self) -> None:
        self._begun: tuple[int, str] | None = None
        self._count = 0
        self._done: list[tuple[int, str, int]] = []

    def add(self, offset: int, reason: str) -> None:
        if self._begun is None or self._begun[1] != reason:
            self.end()
            self._begun = offset, reason
        self._count += 1

    def end(self) -> None:
        """A record follows, or the end of the file."""
        if self._begun is not None:
            self._done.append((*self._begun, self._count))
            self._begun, self._count = None, 0

    def told(self, path: Any, *, last: bool = False) -> list[ReadProblem]:
        """The problems that are complete."""
        if last:
            self.end()
        if not self._done:
            return []
        problems = [
            ReadProblem(path, "record", offset, None, reason if count == 1 else f"{reason} ({count:,} in a row)")
            for offset, reason, count in self._done
        ]
        self._done.clear()
        return problems


def _as_it_is(value: Value, record: dict[str, Any]) -> tuple[str, str]:
    """A record that has the right shape already."""
    attributes = record["Event"]["System"]["TimeCreated"]["#attributes"]
    time = attributes.get("SystemTime") if isinstance(attributes, dict) else None
    stamp = utc_stamp(time.removesuffix(" UTC")) if isinstance(time, str) else None
    plain = value.text.startswith(_USUAL_BEGINNING) and value.record is record
    text = value.text if plain else msgspec.json.encode(record)
    return stamp[1] if stamp else "", text.decode()
