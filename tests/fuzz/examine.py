"""What is done with each damaged file: all that the program does with a file before a screen shows it."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from logonscope.errors import SourceError
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.readers.archives.limits import Limits
from logonscope.readers.archives.search import Search, archive_kind
from logonscope.readers.evtx_layout import EvtxLayout
from logonscope.readers.reader import open_reader
from logonscope.readers.salvage import Salvage
from logonscope.readers.sniff import HEAD_BYTES, sniff
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Path("fuzzed")
_READ_AGAIN = 3
_LIMITS = Limits(unpacked_bytes=1 << 26)


def examine(contents: bytes) -> int:
    """Find out what a file is, read it, normalise it, read some records again, salvage.

    Args:
        contents: The file.

    Returns:
        How many records were read.

    Raises:
        Exception: Anything but what readers are allowed to raise is a fault of ours.
    """
    return sum(map(read, _sources(contents)))


def _sources(contents: bytes) -> Iterator[SourceFile]:
    head = contents[:HEAD_BYTES]
    if archive := archive_kind(head):
        for log in Search(_LIMITS).logs(partial(BytesIO, contents), archive):
            yield SourceFile(PLACE, str(PLACE), log.size, log.kind, 0, log.members, log.opener)
        return
    kind = sniff(head).name if sniff(head).readable else "evtx"
    yield SourceFile(PLACE, str(PLACE), len(contents), kind, opener=partial(BytesIO, contents))


def read(file: SourceFile) -> int:
    """Read one file in every way."""
    normalise = Normaliser(Dims())
    header_ids: list[int] = []
    try:
        with open_reader(file) as reader:
            for raw in reader.batches():
                events, misread = normalise(raw, 1)
                assert events.num_rows == len(raw.texts)
                assert all(0 <= position < len(raw.texts) for position in misread)
                header_ids += raw.header_ids
                for problem in raw.problems:
                    assert problem.reason
            places = reader.places
            assert all(map(str, reader.notes))
        with open_reader(file, places) as again:
            for header_id in header_ids[:: max(1, len(header_ids) // _READ_AGAIN)]:
                again.record(header_id)
        if isinstance(places, EvtxLayout):
            _salvage(file, places)
    except (OSError, SourceError):
        pass  # said to the user with the file's name
    return len(header_ids)


def _salvage(file: SourceFile, layout: EvtxLayout) -> None:
    salvage = Salvage()
    salvage.learn(file, layout)
    for raw in salvage.search(file, layout):
        assert len(raw.offsets) == len(raw.texts)
