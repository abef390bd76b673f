"""Memory and time of a text on one line without end: endless_line.py [GIGABYTES].

Nothing is written to disk: the line is made while it is read. Three kinds: sound events one after the other without a
line break, a single JSON object or XML event that never ends, and a line of nothing but letters.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from io import RawIOBase
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, BinaryIO, cast

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from logonscope.readers.reader import open_reader
from logonscope.readers.source_file import SourceFile
from support.logs import two_boots
from text_readers import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVENTS = 500
_GIGA = 1_000_000_000


class Line(RawIOBase):
    """A beginning, then the same bytes again and again.

    Args:
        begin: How it begins.
        again: What comes again and again.
        size: Bytes in all.
    """

    def __init__(self, begin: bytes, again: bytes, size: int) -> None:
        self._begin, self._size, self._at = begin, size, 0
        self._again = again * (1 + (2 << 20) // len(again))
        self._period = len(again)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go somewhere."""
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        """What comes next, a few megabytes at the most."""
        wanted = max(0, min(self._size - self._at, 1 << 20 if size < 0 else size))
        head = self._begin[self._at : self._at + wanted]
        place = (self._at + len(head) - len(self._begin)) % self._period
        found = head + self._again[place : place + wanted - len(head)]
        self._at += len(found)
        return found


def lines(size: int) -> Iterator[tuple[str, str, Line]]:
    """What is read, its reader, and the line."""
    records = two_boots().files()["Security.evtx"][:_EVENTS]
    for name, kind, joint in (("JSON (evtx_dump)", "json", b","), ("XML (wevtutil)", "xml", b"")):
        form = FORMS[name]
        events = [line.strip() for line in form.write(records).splitlines()]
        begin = b"[" if kind == "json" else b"<Events>"
        yield f"events, {kind}", kind, Line(begin, joint.join(events) + joint, size)
    yield "an object without end, json", "json", Line(b'{"Event":{"System":{"EventID":1,"a":"', b"a", size)
    yield "an event without end, xml", "xml", Line(b"<Events><Event xmlns='x'><System><EventID>1", b"a", size)
    yield "objects in objects, json", "json", Line(b'{"Event":', b'{"Event":', size)
    yield "letters, json", "json", Line(b"a", b"a", size)
    yield "letters, xml", "xml", Line(b"a", b"a", size)


def measure(number: int, size: int) -> None:
    """Read one of the lines, and print what that cost."""
    name, kind, line = list(lines(size))[number]
    file = SourceFile(Path("line"), "line", size, kind, opener=lambda: cast("BinaryIO", line))
    began, before = perf_counter(), process_time()
    records = problems = 0
    with open_reader(file) as reader:
        for batch in reader.batches():
            records += len(batch.texts)
            problems += len(batch.problems)
    cpu, wall = process_time() - before, perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {name} | {records:,} | {problems:,} | {cpu:.0f} | {wall:.0f} | {size / 1e6 / cpu:.0f} | {peak:.0f} |",
        flush=True,
    )


def main(gigabytes: float = 10) -> None:
    """Each line in a process of its own."""
    print(
        "| line | records | problems | CPU s | wall s | MB/CPU s | peak MB |\n|---|---|---|---|---|---|---|", flush=True
    )
    size = int(gigabytes * _GIGA)
    for number in range(len(list(lines(1000)))):
        subprocess.run([sys.executable, __file__, str(number), str(size)], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(int(sys.argv[1]), int(sys.argv[2]))
    else:
        main(*map(float, sys.argv[1:]))
