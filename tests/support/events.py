"""Event records as the Rust parser gives them, made from a few facts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logonscope.normalise.batch import Normaliser
from logonscope.readers.raw import RawBatch
from logonscope.readers.source_file import SourceFile
from logonscope.sessions.rebuild import rebuild
from logonscope.store.case_store import CaseStore, Writer

if TYPE_CHECKING:
    from datetime import datetime

SECURITY = "Microsoft-Windows-Security-Auditing"


@dataclass(frozen=True)
class Record:
    id: int
    record: int
    time: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    channel: str = "Security"
    provider: str = SECURITY
    activity: str | None = None
    computer: str = "WS1"
    version: int = 2
    user_data: str | None = None

    def text(self) -> str:
        system = {
            "Provider": {"#attributes": {"Name": self.provider}},
            "EventID": self.id,
            "Version": self.version,
            "Level": 0,
            "Keywords": "0x8020000000000000",
            "TimeCreated": {"#attributes": {"SystemTime": self.stamp()}},
            "EventRecordID": self.record,
            "Correlation": {"#attributes": {"ActivityID": self.activity}} if self.activity else None,
            "Channel": self.channel,
            "Computer": self.computer,
        }
        body = {"UserData": {self.user_data: self.fields}} if self.user_data else {"EventData": self.fields or None}
        return json.dumps({"Event": {"System": system, **body}})

    def stamp(self) -> str:
        return self.time.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def raw_batch(records: list[Record]) -> RawBatch:
    return RawBatch(
        [record.record for record in records],
        [f"{record.stamp()} UTC" for record in records],
        [record.text() for record in records],
        0,
    )


def load(store: CaseStore, *sources: list[Record]) -> None:
    """Load lists of records as if each were one file."""
    writer = Writer(store)
    normalise = Normaliser(store.dims)
    for number, records in enumerate(sources, 1):
        writer.add_source(number, SourceFile(Path(__file__), f"source {number}", 0, "evtx"))
        batch, _ = normalise(raw_batch(records), number)
        writer.add_events(batch)
        writer.finish_source(number, len(records), [])
    writer.flush()
    rebuild(store.cursor())
