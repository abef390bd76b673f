"""Event logs of Windows before Vista, record by record."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime

HEADER = struct.Struct("<I4sIIIIIIIIII")
END_BYTES = 40
SYSTEM_SID = "S-1-5-18"


@dataclass(frozen=True)
class OldRecord:
    number: int
    time: datetime
    event_id: int
    strings: tuple[str, ...] = ()
    source: str = "Security"
    kind: int = 8
    sid: str = ""
    data: bytes = b""
    computer: str = "XP1"

    def encoded(self) -> bytes:
        names = f"{self.source}\0{self.computer}\0".encode("utf-16-le")
        names += b"\0" * (-(56 + len(names)) % 4)
        sid = sid_bytes(self.sid) if self.sid else b""
        texts = "".join(f"{text}\0" for text in self.strings).encode("utf-16-le", "surrogatepass")
        sid_at = 56 + len(names)
        strings_at, data_at = sid_at + len(sid), sid_at + len(sid) + len(texts)
        body = names + sid + texts + self.data
        body += b"\0" * (-len(body) % 4)
        size = 56 + len(body) + 4
        seconds = int(self.time.replace(tzinfo=UTC).timestamp())
        head = struct.pack(
            "<I4sIIIIHHHHIIIIII", size, b"LfLe", self.number, seconds, seconds, self.event_id, self.kind,
            len(self.strings), 2, 0, 0, strings_at, len(sid), sid_at, len(self.data), data_at,
        )  # fmt: skip
        return head + body + struct.pack("<I", size)


def sid_bytes(sid: str) -> bytes:
    _, revision, authority, *parts = sid.split("-")
    numbers = struct.pack(f"<{len(parts)}I", *map(int, parts))
    return bytes((int(revision), len(parts))) + int(authority).to_bytes(6, "big") + numbers


def end_mark(begin: int, end: int, next_number: int, oldest: int) -> bytes:
    magic = (0x11111111, 0x22222222, 0x33333333, 0x44444444)
    return struct.pack("<10I", END_BYTES, *magic, begin, end, next_number, oldest, END_BYTES)


def header(begin: int, end: int, next_number: int, oldest: int, flags: int = 0, size: int = 0) -> bytes:
    return HEADER.pack(48, b"LfLe", 1, 1, begin, end, next_number, oldest, size, flags, 0, 48)


def evt_log(records: list[OldRecord]) -> bytes:
    """A log as it is when the service has closed it."""
    body = b"".join(record.encoded() for record in records)
    first, following = (records[0].number, records[-1].number + 1) if records else (0, 1)
    end = 48 + len(body)
    size = -(-(end + END_BYTES) // 65536) * 65536
    log = header(48, end, following, first, size=size) + body + end_mark(48, end, following, first)
    return log.ljust(size, b"\0")


def dirty(log: bytes) -> bytes:
    """The log as it is while the service runs: its header knows of no record."""
    return HEADER.pack(48, b"LfLe", 1, 1, 48, 48, 1, 0, len(log), 1, 0, 48) + log[48:]


def wrapped(records: list[OldRecord], newest: int) -> bytes:
    """A full log: its newest records lie before the oldest, and one of them over the end of the file.

    Args:
        records: All of them, oldest first.
        newest: How many lie at the beginning of the file.
    """
    images = [record.encoded() for record in records]
    early, late = images[: len(images) - newest], images[len(images) - newest :]
    cut = len(late[0]) // 8 * 4
    tail, front = late[0][:cut], late[0][cut:] + b"".join(late[1:])
    end = 48 + len(front)
    begin = end + END_BYTES
    numbers = records[-1].number + 1, records[0].number
    return header(begin, end, *numbers, flags=2) + front + end_mark(begin, end, *numbers) + b"".join(early) + tail
