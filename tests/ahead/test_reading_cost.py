"""What reading costs, as a multiple of what the bare parser takes for the same log in the same moment.

The seconds of a busy machine say nothing, but CPU time against CPU time does: it was 2.5 times here when this was
written, and 6 to 6.5 times as long as the parser made a text of each record.
"""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

from evtx import PyEvtxParser

from logonscope.ahead.known_forms import KnownForms
from logonscope.ahead.parts import plan
from logonscope.ahead.reading import read_parts
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.garbage import rare_collections
from logonscope.readers.evtx_layout import clean_header
from support.logs import logon
from support.on_disk import on_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COPIES = 40
ROUNDS = 7
MOST_TIMES = 5


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    began = process_time()
    work()
    return process_time() - began


def test_reading_ahead_costs_a_few_times_what_the_parser_does(tmp_path: Path) -> None:
    chunks = encode_log([logon(number, TargetLogonId=0x50000 + number) for number in range(1, 501)])[FILE_HEADER_SIZE:]
    path = tmp_path / "log"
    path.write_bytes(clean_header(COPIES * len(chunks) // CHUNK_SIZE) + COPIES * chunks)
    parts = [part for task in plan([on_disk(path)]) for part in task.parts]

    def bare() -> None:
        assert sum(1 for _ in PyEvtxParser(str(path), 1).records_json()) == COPIES * 500

    def ahead() -> None:
        _, events = read_parts(parts, tmp_path / "events", KnownForms())
        events.unlink()

    with rare_collections():
        rounds = [(cpu(ahead), cpu(bare)) for _ in range(ROUNDS)]
    times = min(ours for ours, _ in rounds) / min(alone for _, alone in rounds)
    assert times < MOST_TIMES
