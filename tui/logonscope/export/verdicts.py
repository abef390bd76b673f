"""Verdicts on files as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from logonscope.display import sanitise

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.case.checking import FileVerdict
    from logonscope.errors import SourceError
    from logonscope.readers.evtx_layout import EvtxLayout


def verdict_json(verdict: FileVerdict) -> str:
    """One file, as one line of JSON; texts are sanitised, times are UTC."""
    return _line(
        {
            "file": str(verdict.path),
            "verdict": verdict.verdict,
            "kind": verdict.kind,
            "because": verdict.because,
            "bytes": verdict.size,
            "sha256": verdict.hash.sha256 or None,
            "sha256_of": verdict.hash.of,
            "sha256_note": verdict.hash.note or None,
            "archive_sha256": verdict.hash.archive_sha256 or None,
            "modified": _time(verdict.hash.modified),
            "records": verdict.records,
            "failed": verdict.failed,
            "first": _time(verdict.first),
            "last": _time(verdict.last),
            "channels": verdict.channels,
            "computers": verdict.computers,
            "evtx": _evtx(verdict.layout),
            "stale": {kind or "cannot be rebuilt": offsets for kind, offsets in verdict.stale.items()},
            "notes": verdict.notes,
            "signs": [{"kind": s.kind, "offset": s.offset, "seen": s.seen} for s in verdict.signs],
            "problems": [
                {"part": p.part, "offset": p.offset, "record": p.record_id, "reason": p.reason}
                for p in verdict.problems
            ],
        }
    )


def error_json(error: SourceError) -> str:
    """A path that could not be read at all, as one line of JSON."""
    return _line({"file": None, "verdict": "nothing", "reason": error.message, "advice": error.advice})


def _evtx(layout: EvtxLayout | None) -> dict[str, Any] | None:
    if layout is None:
        return None
    return {
        "chunks": len(layout.chunks),
        "headers": [
            {
                "offset": header.offset,
                "chunks": header.chunks,
                "next_record": header.next_header_id,
                "flags": header.flags,
                "dirty": header.is_dirty,
            }
            for header in layout.headers
        ],
        "checksums_good": layout.checksums_good,
        "checksums_bad": layout.checksums_bad,
    }


def _time(time: datetime | None) -> str | None:
    return f"{time.isoformat(timespec='microseconds')}Z" if time else None


def _line(value: dict[str, Any]) -> str:
    return msgspec.json.encode(_clean(value)).decode()


def _clean(value: Any) -> Any:
    match value:
        case str():
            return sanitise(value)
        case dict():
            return {sanitise(key): _clean(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_clean(entry) for entry in value]
    return value
