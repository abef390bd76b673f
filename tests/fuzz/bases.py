"""The sound files that damage is done to: one of each form that readers read."""

from __future__ import annotations

import gzip
import tempfile
from functools import cache
from itertools import islice
from pathlib import Path

from logonscope.demo.evtx_writer import encode_log
from support.archived import seven_zipped, tarred, zipped
from support.evt_log import OldRecord, evt_log
from support.json_forms import FORMS as JSON_FORMS
from support.json_forms import compact, parsed
from support.logs import at, notes, two_boots
from support.text_forms import FORMS

SMALL_SAMPLE = 1_200_000
"""Bytes; larger samples take too long each time."""


@cache
def bases() -> dict[str, bytes]:
    """Files by what they are."""
    logs = two_boots().files()
    records = logs["Security.evtx"]
    security = encode_log(records)
    found = {
        "evtx": security,
        "evtx of several chunks": encode_log(notes(180)),
        "evtx of another channel": encode_log(logs["System.evtx"]),
        "evt": evt_log([OldRecord(n, at(8, n), 528, ("alice", "ALDER", "(0x0,0x5A)", "2")) for n in range(1, 40)]),
        "zip": zipped({"Security.evtx": security}),
        "7z": seven_zipped({"Security.evtx": security}),
        "tar": tarred({"Security.evtx": security}),
        "gzip": gzip.compress(security),
    }
    found |= {name: form(list(islice(records, 25))) for name, form in FORMS.items()}
    return found | _json_files(security)


def _json_files(log: bytes) -> dict[str, bytes]:
    with tempfile.NamedTemporaryFile(suffix=".evtx") as file:
        file.write(log)
        file.flush()
        events = parsed(Path(file.name))[:25]
    return {name: "\n".join(compact(form(event)) for event in events).encode() for name, form in JSON_FORMS.items()}


def samples(folder: Path) -> dict[str, bytes]:
    """Real logs, where they are at hand."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*.*"))
        if path.is_file() and path.stat().st_size <= SMALL_SAMPLE
    }
