"""Chunks outside of a time are left out only where every record's own time proves it."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log
from logonscope.readers.evtx import EvtxReader
from logonscope.readers.evtx_times import records_outside
from logonscope.readers.source_file import SourceFile
from support.logs import after_eight, note, notes
from support.samples import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = encode_log(notes(70))[4096:]
END = int.from_bytes(CHUNK[48:52], "little")
_TIME = re.compile(r'"SystemTime":"([^"Z]*)')


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [(71, 99, 70), (-5, 1, 70), (-5, 2, 0), (70, 99, 0), (30, 40, 0), (1, 71, 0), (-9, 999, 0)],
)
def test_all_records_lie_outside(since: int, until: int, count: int) -> None:
    assert records_outside(CHUNK, END, after_eight(since), after_eight(until)) == count


def test_records_on_both_sides() -> None:
    """Somebody set the clock, but none lies inside."""
    records = [note(1), replace(note(2), time=after_eight(900))]
    chunk = encode_log(records)[4096:]
    end = int.from_bytes(chunk[48:52], "little")
    assert records_outside(chunk, end, after_eight(100), after_eight(200)) == 2


def test_nothing_is_proved_of_a_damaged_chunk() -> None:
    image = faults.zero_record_size(encode_log(notes(70)), 40)[4096:]
    assert records_outside(image, END, after_eight(900), after_eight(901)) == 0
    dice = random.Random(3)
    for _ in range(300):
        damaged = bytearray(CHUNK)
        for _ in range(20):
            damaged[dice.randrange(512, END)] = dice.randrange(256)
        assert records_outside(bytes(damaged), END, after_eight(900), after_eight(901)) in (0, 70)


def _read(path: Path, times: tuple[int, int] | None) -> tuple[dict[int, str], int]:
    """Times by header ID, and how many records were left out."""
    file = SourceFile(path, str(path), path.stat().st_size, "evtx")
    found: dict[int, str] = {}
    left_out = 0
    with EvtxReader(file) as reader:
        if times:
            reader.only_times(*times)
        for raw in reader.batches():
            left_out += raw.left_out
            for header_id, text in zip(raw.header_ids, raw.texts, strict=True):
                time = _TIME.search(text)
                found[header_id] = time[1] if time else ""
    return found, left_out


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples at {SAMPLES}")
@pytest.mark.parametrize("name", ["machines", "security", "rdp", "damaged"])
def test_real_logs(name: str) -> None:
    """What lies inside is never left out."""
    total = 0
    for path in sorted((SAMPLES / name).rglob("*.evtx")):
        whole, _ = _read(path, None)
        times = sorted(time for time in whole.values() if time)
        if not times:
            continue
        first, last = times[len(times) // 3], times[len(times) // 2]
        part, left_out = _read(path, (_filetime(first), _filetime(last)))
        inside = {header_id for header_id, time in whole.items() if first <= time < last}
        assert inside <= part.keys()
        assert len(whole) - len(part) <= left_out
        total += left_out
    assert total or name != "machines"


def _filetime(time: str) -> int:
    passed = datetime.fromisoformat(time) - datetime(1601, 1, 1)
    return (passed.days * 86_400 + passed.seconds) * 10_000_000 + passed.microseconds * 10
