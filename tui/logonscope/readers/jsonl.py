"""Reader of events as JSON, in the shapes that tools give them."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from logonscope.display import plural
from logonscope.readers.json_records import event_text
from logonscope.readers.json_shapes import PARTS, Shaped, ShapeFinder, json_shapes
from logonscope.readers.json_values import Fault, Value, json_values
from logonscope.readers.open_file import OpenFile
from logonscope.readers.raw import RawBatch
from logonscope.readers.stamps import utc_stamp
from logonscope.readers.text_batches import Problems, Run
from logonscope.readers.text_stream import ENCODING_BYTES, text_encoding
from logonscope.readers.utf8 import Utf8Blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.source_file import SourceFile

_FIRST_RECORDS = 100
_RECORDS = 2000
_RECORDS_PER_PLACE = 1000
_WIDEST_INDENT = 256
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
    encoding, _ = text_encoding(head[:ENCODING_BYTES])
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


class JsonReader(OpenFile):
    """One open file of JSON.

    Args:
        file: The file.
        places: What an earlier reading of it found.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        super().__init__(file)
        self.places = places or Places([], text_encoding(self._file.read(ENCODING_BYTES))[0])
        self._find = ShapeFinder()
        self._shapes: Counter[str] = Counter()
        self._without_id = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """The shapes met and what they lack."""
        shapes = {shape.name: shape for shape in json_shapes().shape}
        found = [
            f"{plural(count, 'record')} in the form of {shapes[name].words}: {shapes[name].lacks}"
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
        self.places.offsets.clear()
        blocks = Utf8Blocks(self._file, self.places.encoding)
        problems = Problems(self._path)
        faults = _Faults(blocks, problems)
        run, taken, count, wanted = Run(problems), 0, 0, _FIRST_RECORDS
        for found in json_values(blocks):
            if isinstance(found, Fault):
                faults.add(found.offset, found.reason)
            elif (shaped := self._find(found.record)) is None:
                faults.add(found.offset, _NO_SHAPE)
            else:
                faults.end()
                if not count % _RECORDS_PER_PLACE:
                    self.places.offsets.append(blocks.source_offset(found.offset))
                count += 1
                try:
                    self._add(run, count, found, shaped, blocks)
                except RecursionError:
                    problems.add(blocks.source_offset(found.offset), count, "this JSON object is nested too deep")
            if len(run.texts) >= wanted:
                reached = self._file.tell()
                yield run.batch(reached - taken)
                run, taken, wanted = Run(problems), reached, _RECORDS
        faults.end()
        yield run.batch(self._file.tell() - taken)
        yield RawBatch([], [], [], 0, problems.last())

    def _add(self, run: Run, number: int, value: Value, shaped: Shaped, blocks: Utf8Blocks) -> None:
        name = shaped.shape.name
        if name == "evtx":
            stamp, text = _as_it_is(value, shaped)
        else:
            stamp, text, has_number = event_text(shaped)
            self._without_id += not has_number
        if value.mended or not stamp:
            reason = value.mended or "the time of this record cannot be read"
            run.problems.add(blocks.source_offset(value.offset), number, reason)
        self._shapes[name] += 1
        run.add(number, stamp, text)

    def record(self, header_id: int) -> str | None:
        """Read one record again: the JSON as the file has it.

        Args:
            header_id: Its place among the records of the file, from 1.
        """
        place, before = divmod(header_id - 1, _RECORDS_PER_PLACE)
        if not 0 <= place < len(self.places.offsets):
            return None
        self._file.seek(self._indented(self.places.offsets[place]))
        for found in json_values(Utf8Blocks(self._file, self.places.encoding)):
            if isinstance(found, Value) and self._find(found.record) is not None:
                if not before:
                    return found.text.decode("utf-8", "replace")
                before -= 1
        return None

    def _indented(self, offset: int) -> int:
        """Where the spaces before an object begin, by which its end is told."""
        size = min(offset, _WIDEST_INDENT)
        self._file.seek(offset - size)
        before = self._file.read(size).decode(self.places.encoding, "replace")
        return offset - len(before[len(before.rstrip(" \t")) :].encode(self.places.encoding))


class _Faults:
    """What could not be read: what follows without a record between is one problem, however long it is."""

    def __init__(self, blocks: Utf8Blocks, problems: Problems) -> None:
        self._blocks = blocks
        self._problems = problems
        self._place: int | None = None
        self._reason = ""
        self._count = 0

    def add(self, offset: int, reason: str) -> None:
        if self._count and reason != self._reason:
            self.end()
        if not self._count:
            self._place, self._reason = self._blocks.source_offset(offset), reason
        self._count += 1

    def end(self) -> None:
        """A record follows, or the end of the file."""
        if self._count:
            times = f" ({self._count:,} in a row)" if self._count > 1 else ""
            self._problems.add(self._place, None, self._reason + times)
            self._count = 0


def _as_it_is(value: Value, shaped: Shaped) -> tuple[str, str]:
    """A record that has the right shape already."""
    time = shaped.parts[PARTS.index("time")]
    stamp = utc_stamp(time.removesuffix(" UTC")) if isinstance(time, str) else None
    plain = value.record is shaped.record and value.text.startswith(_USUAL_BEGINNING)
    text = value.text if plain else msgspec.json.encode(shaped.record)
    return stamp[1] if stamp else "", text.decode()
