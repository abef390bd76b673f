"""What reading costs in one process, step by step: reading_cost.py [MEGABYTES [LOG]].

CPU microseconds a record: by columns, by the parser alone as records of new forms are read, and of the bare parser. The
steps are those of reading by columns, in tasks of 256 chunks (a load takes 128).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

from evtx import PyEvtxParser

from big_log import CHUNK_BYTES, HEADER_BYTES, SOURCE, big_log
from logonscope.ahead import known_forms, reading
from logonscope.ahead.parts import plan
from logonscope.garbage import rare_collections
from logonscope.normalise import instance_columns, understanding
from logonscope.readers.evtx_apart import runs_here
from logonscope.readers.evtx_run import RunReader
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNKS = 256
STEPS: dict[str, tuple[Any, str]] = {
    "chunks read and their checksums": (reading._Reading, "add"),
    "records found": (understanding, "records_of"),
    "heads found": (understanding.Understanding, "_find_heads"),
    "heads read": (understanding, "read_heads"),
    "values found": (understanding.Understanding, "_find_fields"),
    "chains of names": (understanding, "chained_names"),
    "different values as text": (understanding, "cell_texts"),
    "columns of fields": (instance_columns.InstanceColumns, "_field_columns"),
    "EventData as text": (instance_columns, "payload_texts"),
    "hidden records looked for": (RunReader, "known"),
}


class NoForms(known_forms.KnownForms):
    """Leaves all to the parser."""

    def events(self, chunks: Any, *_: Any) -> Any:
        """See there."""
        return None, [known_forms.NO_ROWS] * len(chunks)


def main(megabytes: int = 100, source: Path = SOURCE) -> None:
    """Measure, and print a table."""
    log = big_log(megabytes, source)
    file = SourceFile(log, str(log), log.stat().st_size, "evtx")
    tasks = list(plan([file], CHUNKS))[:-1]
    with tempfile.TemporaryDirectory() as folder, runs_here(), rare_collections():
        events = Path(folder) / "events"
        _, by_parser = read(tasks, events, NoForms())
        forms = known_forms.KnownForms()
        read(tasks[:1], events, forms)
        took = {name: timed(*place) for name, place in STEPS.items()}
        records, by_columns = read(tasks, events, forms)
    costs = {name: sum(seconds) for name, seconds in took.items()}
    costs["all the rest"] = by_columns - sum(costs.values())
    costs |= {"all by columns": by_columns, "all by the parser": by_parser, "the bare parser": bare(log, len(tasks))}
    print("| step | CPU microseconds a record |\n|---|---|")
    for name, seconds in costs.items():
        print(f"| {name} | {seconds * 1e6 / records:.2f} |")


def read(tasks: list[Any], events: Path, forms: known_forms.KnownForms) -> tuple[int, float]:
    """Records of tasks, and the CPU seconds that they take."""
    records = 0
    began = process_time()
    for task in tasks:
        found, _ = reading.read_parts(task.parts, events, forms)
        records += sum(part.records for part in found)
        events.unlink()
    return records, process_time() - began


def timed(place: Any, name: str) -> list[float]:
    """Have the seconds of each call of a function put into a list."""
    function: Callable[..., Any] = getattr(place, name)
    seconds: list[float] = []

    def wrapped(*arguments: Any, **named: Any) -> Any:
        began = process_time()
        try:
            return function(*arguments, **named)
        finally:
            seconds.append(process_time() - began)

    setattr(place, name, wrapped)
    return seconds


def bare(log: Path, tasks: int) -> float:
    """CPU seconds of the parser alone for as many chunks as tasks have."""
    with log.open("rb") as file, tempfile.NamedTemporaryFile(suffix=".evtx") as part:
        part.write(file.read(HEADER_BYTES + tasks * CHUNKS * CHUNK_BYTES))
        part.flush()
        began = process_time()
        sum(1 for _ in PyEvtxParser(part.name, 1).records_json())
        return process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100, Path(sys.argv[2]) if sys.argv[2:] else SOURCE)
