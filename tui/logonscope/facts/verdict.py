"""What a check says of one file, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import bytes_text, plural, sanitise, time_text
from logonscope.facts.source_hash import hash_facts
from logonscope.knowledge.recovery import recoveries
from logonscope.knowledge.tamper import sign_kinds
from logonscope.model import Fact
from logonscope.readers.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logonscope.case.checking import FileVerdict
    from logonscope.readers.evtx_layout import EvtxLayout, FileHeader

_MANY = 20
"""So many lines of a kind are written; ``--format jsonl`` has all."""
_FLAGS = ((1, "dirty"), (2, "full"), (4, "no checksums"))
_VERDICTS = {"complete": "complete", "partly": "read in part", "nothing": "nothing could be read"}


def verdict_facts(verdict: FileVerdict) -> tuple[Fact, ...]:
    """All that is known of a file."""
    return tuple(_facts(verdict))


def _facts(verdict: FileVerdict) -> Iterator[Fact]:
    yield Fact(sanitise(str(verdict.path)), heading=True)
    yield Fact(f"{_VERDICTS[verdict.verdict]}, {plural(len(verdict.problems), 'problem')}", "Verdict")
    yield Fact(formats()[verdict.kind].words, "Kind", verdict.because)
    yield Fact(bytes_text(verdict.size), "Size")
    yield from hash_facts(verdict.hash)
    if verdict.layout is not None:
        yield from _layout(verdict.layout)
    yield Fact(_records(verdict), "Records")
    if verdict.first is not None:
        yield Fact(f"{time_text(verdict.first)} to {time_text(verdict.last)} UTC", "Time")
    for name, counts in (("Channels", verdict.channels), ("Computers", verdict.computers)):
        if counts:
            yield Fact(_counts(counts), name)
    yield from (Fact(sanitise(note), "Note") for note in verdict.notes)
    signs = [f"{sign_kinds()[s.kind].shown} at {s.offset:#x}: {sanitise(s.seen)}" for s in verdict.signs]
    yield from _some(signs, "Sign")
    innocent = dict.fromkeys(sign_kinds()[sign.kind] for sign in verdict.signs)
    yield from (Fact(f"{kind.means} Usually: {kind.innocent}", kind.shown) for kind in innocent)
    problems = [
        f"{p.part}{'' if p.record_id is None else f' {p.record_id}'}{'' if p.offset is None else f' at {p.offset:#x}'}:"
        f" {sanitise(p.reason)}"
        for p in verdict.problems
    ]
    yield from _some(problems, "Problem")


def _layout(layout: EvtxLayout) -> Iterator[Fact]:
    cut = sum(chunk.size < 65536 for chunk in layout.chunks)
    newer = sum(chunk.newer > 0 for chunk in layout.chunks)
    more = [f"{cut} cut short"] * bool(cut) + [f"{newer} with records newer than their header"] * bool(newer)
    yield Fact(", ".join([plural(len(layout.chunks), "chunk"), *more]), "Chunks")
    yield from (Fact(_header(header), "Header") for header in layout.headers)
    yield Fact(f"{layout.checksums_good:,} good, {layout.checksums_bad:,} bad", "Checksums")


def _header(header: FileHeader) -> str:
    flags = [name for bit, name in _FLAGS if header.flags & bit] or ["none"]
    return (
        f"at {header.offset:#x}: {plural(header.chunks, 'chunk')}, oldest {header.first_chunk}, newest"
        f" {header.last_chunk}, next record ID {header.next_header_id}, flags: {', '.join(flags)}"
    )


def _records(verdict: FileVerdict) -> str:
    parts = [f"{verdict.records:,} live", f"{verdict.failed:,} failed"]
    for kind, offsets in verdict.stale.items():
        what = recoveries()[kind].shown if kind else "that cannot be rebuilt"
        parts.append(f"{len(offsets):,} {what} (the first at {min(offsets):#x})")
    return ", ".join(parts) + ("; --salvage adds those" if any(verdict.stale) else "")


def _counts(counts: dict[str, int]) -> str:
    shown = [f"{sanitise(text) or '(none)'} {count:,}" for text, count in list(counts.items())[:_MANY]]
    return ", ".join(shown) + (f" and {len(counts) - _MANY} more" if len(counts) > _MANY else "")


def _some(lines: list[str], name: str) -> Iterable[Fact]:
    yield from (Fact(line, name) for line in lines[:_MANY])
    if len(lines) > _MANY:
        yield Fact(f"and {len(lines) - _MANY:,} more", name)
