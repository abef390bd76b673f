"""Chunks through the Rust parser: a run of them behind a header is a small log of its own."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any

from evtx import PyEvtxParser

from logonscope.readers.evtx_layout import clean_header
from logonscope.readers.evtx_names import with_open_chains

PARSER_ERRORS = (RuntimeError, OSError, ValueError)
_RECORDS_AT_A_TIME = 128
_header_id = itemgetter("event_record_id")
_stamp = itemgetter("timestamp")
_text = itemgetter("data")


@dataclass(slots=True)
class Parts:
    """The parts of records, taken out of the parser's dicts."""

    header_ids: list[int] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, records: list[Any]) -> None:
        """Append records as the parser gives them."""
        self.header_ids += map(_header_id, records)
        self.stamps += map(_stamp, records)
        self.texts += map(_text, records)


def parse_run(chunks: list[bytes]) -> Parts | None:
    """Parse some chunks together, which is quick.

    Args:
        chunks: 64 KiB each.

    Returns:
        None where the parser stumbles.
    """
    parts = Parts()
    try:
        records = iter(_parser(chunks).records_json())
        # A few at a time, so that they are still in the processor's cache when they are taken apart.
        while some := list(islice(records, _RECORDS_AT_A_TIME)):
            parts.add(some)
    except PARSER_ERRORS:
        return None
    return parts


def parse_chunk(chunk: bytes, *, as_xml: bool = False) -> tuple[list[Any], list[str]]:
    """Parse one chunk, record by record.

    Args:
        chunk: 64 KiB.
        as_xml: XML rather than JSON.

    Returns:
        The records as the parser gives them, and why others could not be parsed.

    Raises:
        RuntimeError, OSError, ValueError: The chunk as a whole cannot be parsed.
    """
    parser = _parser([chunk])
    iterator = iter(parser.records() if as_xml else parser.records_json())
    good: list[Any] = []
    reasons: list[str] = []
    while True:
        try:
            record = next(iterator, None)
        except PARSER_ERRORS as error:
            reasons.append(str(error))
            continue
        if record is None:
            return good, reasons
        good.append(record)


def _parser(chunks: list[bytes]) -> PyEvtxParser:
    return PyEvtxParser(io.BytesIO(b"".join([clean_header(len(chunks)), *map(with_open_chains, chunks)])), 1)
