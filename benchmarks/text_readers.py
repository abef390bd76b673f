"""Speed and memory of the readers of text against bare parsers: text_readers.py [RECORDS [ROUNDS]].

Each round runs, one after the other and in processes of their own, the reader, the reader with what makes rows of its
records, and the bare parser of the form. The best round of each counts, as a noisy machine only ever makes them slower.
Last comes a file four times as large, which must take no more memory.

A further form needs a line in ``FORMS``: its writer (tests/support) and its bare parser.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from logonscope.demo.evtx_writer import encode_log
from support import json_forms, text_forms
from support.logs import two_boots

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.demo.records import Record

_AT_A_TIME = 5_000
_EVENT = f"{{{text_forms.NAMESPACE}}}Event"


def lxml_iterparse(path: Path) -> int:
    """Build each event's tree and throw it away."""
    from lxml import etree

    count = 0
    for _, element in etree.iterparse(path, tag=_EVENT, resolve_entities=False, no_network=True):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def csv_reader(path: Path) -> int:
    """Take each row apart."""
    import csv

    csv.field_size_limit(1 << 20)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def json_lines(path: Path) -> int:
    """Decode each line."""
    import json

    with path.open("rb") as file:
        return sum(1 for line in file if json.loads(line))


def as_json(name: str) -> Callable[[Sequence[Record]], bytes]:
    """Records as lines of JSON in the form of a tool."""

    def write(records: Sequence[Record]) -> bytes:
        with tempfile.NamedTemporaryFile(suffix=".evtx") as log:
            log.write(encode_log(records, first_header_id=1))
            log.flush()
            events = map(json_forms.FORMS[name], json_forms.parsed(Path(log.name)))
            return b"".join(json_forms.compact(event).encode() + b"\n" for event in events)

    return write


class Form(NamedTuple):
    """One text form."""

    write: Callable[[Sequence[Record]], bytes]
    bare: Callable[[Path], int] | None
    """Counts the records with the parser alone; None where there is no such parser."""
    head: bytes = b""
    tail: bytes = b""


FORMS = {
    "XML (wevtutil)": Form(text_forms.wevtutil_fragments, lxml_iterparse, b"<Events>\n", b"</Events>\n"),
    "XML (Event Viewer)": Form(
        lambda records: text_forms.event_viewer_xml(records)[
            len(text_forms.event_viewer_xml([])) - len("</Events>") : -9
        ],
        lxml_iterparse,
        b"<Events>",
        b"</Events>",
    ),
    "CSV (EvtxECmd)": Form(
        lambda records: _rows(text_forms.evtxecmd_csv(records)), csv_reader, text_forms.evtxecmd_csv([])
    ),
    "copied text": Form(text_forms.copied, None),
    "JSON (evtx_dump)": Form(as_json("evtx_dump"), json_lines),
    "JSON (Velociraptor)": Form(as_json("velociraptor"), json_lines),
    "JSON (Winlogbeat)": Form(as_json("winlogbeat"), json_lines),
    "JSON (EvtxECmd)": Form(as_json("evtxecmd"), json_lines),
    "JSON (NXLog)": Form(as_json("nxlog"), json_lines),
}


def _rows(table: bytes) -> bytes:
    return table.partition(b"\n")[2]


def written(form: Form, path: Path, records: int) -> Path:
    """A file of so many records of a Security log."""
    security = two_boots().files()["Security.evtx"]
    some = form.write(list(islice(cycle(security), _AT_A_TIME)))
    with path.open("wb") as file:
        file.write(form.head)
        for _ in range(records // _AT_A_TIME):
            file.write(some)
        file.write(form.tail)
    return path


def read(path: Path, *, rows: bool) -> int:
    """Count the records of the reader, and make rows of them where asked to."""
    from logonscope.garbage import rare_collections
    from logonscope.normalise.batch import Normaliser
    from logonscope.normalise.dims import Dims
    from logonscope.readers.reader import open_reader
    from logonscope.readers.sources import find_sources

    (file,) = find_sources([path], [])
    normalise = Normaliser(Dims())
    count = 0
    with rare_collections(), open_reader(file) as reader:  # as loading does
        for raw in reader.batches():
            count += normalise(raw, 1)[0].num_rows if rows else len(raw.texts)
    return count


def run_here(what: str, name: str, path: Path) -> None:
    """Do one run and print what it cost; imports are not counted."""
    for module in ("lxml.etree", "logonscope.normalise.batch", "logonscope.readers.xml", "logonscope.readers.csv"):
        import_module(module)
    bare = FORMS[name].bare
    before = resource.getrusage(resource.RUSAGE_SELF)
    records = bare(path) if what == "bare" and bare else read(path, rows=what == "rows")
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(records, cpu, after.ru_maxrss / 1024)


def measured(what: str, name: str, path: Path) -> tuple[int, float, float]:
    """Records, CPU seconds and peak RSS in megabytes of one run in a process of its own."""
    run = subprocess.run([sys.executable, __file__, what, name, path], check=True, capture_output=True, text=True)
    records, cpu, peak = run.stdout.split()
    return int(records), float(cpu), float(peak)


def compare(name: str, form: Form, folder: Path, count: int, rounds: int) -> None:
    """Print one form's line."""
    path = written(form, folder / "log", count)
    rates: dict[str, list[float]] = {what: [] for what in ("reader", "rows", "bare")}
    peak = 0.0
    for _ in range(rounds):
        for what, found in rates.items():
            if what == "bare" and form.bare is None:
                continue
            records, cpu, memory = measured(what, name, path)
            assert records == count, (name, what, records)
            found.append(records / cpu)
            peak = memory if what == "reader" else peak
    reader, rows = max(rates["reader"]), max(rates["rows"])
    told = f"{reader / max(rates['bare']):.2f} of the bare parser" if form.bare else "no bare parser"
    larger = measured("reader", name, written(form, folder / "log", 4 * count))[2]
    size = path.stat().st_size / 4e6
    print(
        f"{name:20} {size:6.0f} MB {reader:9,.0f}/s {rows:9,.0f}/s with rows  {told:22}"
        f" {peak:4.0f} MB, {larger:4.0f} MB at 4 x"
    )


def main(records: int = 100_000, rounds: int = 5) -> None:
    """Print a line for each form."""
    count = records // _AT_A_TIME * _AT_A_TIME
    print(f"{count:,} records; records a CPU second (best of {rounds}), peak RSS")
    with tempfile.TemporaryDirectory() as folder:
        for name, form in FORMS.items():
            compare(name, form, Path(folder), count, rounds)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] in ("reader", "rows", "bare"):
        run_here(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
