"""What a pass over an .evtx file learns besides its records: where what lies, what is missing, what does not fit."""

from __future__ import annotations

import zlib
from operator import attrgetter
from typing import TYPE_CHECKING

from logonscope.display import plural
from logonscope.model import ReadProblem, TamperSign
from logonscope.readers.evtx_facts import ChunkFacts
from logonscope.readers.evtx_layout import CHUNK_BYTES, Chunk, EvtxLayout, FileHeader, Gap
from logonscope.readers.evtx_run import missing_ids
from logonscope.readers.evtx_walk import HeaderPiece

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.readers.evtx_run import EvtxRun
    from logonscope.readers.evtx_walk import OtherPiece

MANY_SIGNS = 50
"""Of one kind in one file: more of them are only counted."""


class _Log:
    """One log of the file, as far as it has been read."""

    def __init__(self, header: FileHeader | None, start: int) -> None:
        self.header = header
        self.start = start
        self.chunks = 0
        self.last_header_id = 0
        self.newer = 0
        self.previous: int | None = None

    @property
    def declared(self) -> int:
        return self.header.chunks if self.header else 0


class Survey:
    """Takes the pieces of a file in their order.

    Args:
        path: The file, for what is said of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log: _Log | None = None
        self._logs: list[_Log] = []
        self._chunks: list[Chunk] = []
        self._gaps: list[Gap] = []
        self._signs: list[TamperSign] = []
        self._more_signs: dict[str, int] = {}
        self._notes: list[str] = []
        self._missing: tuple[int, int, str] | None = None
        """A run of places without a chunk: offset, bytes, what they hold."""
        self._problems: list[ReadProblem] = []
        self._end = 0
        self._good = self._bad = 0
        """Checksums that hold, and that do not."""
        self.faulty: set[int] = set()
        """Offsets of the chunks of which not all could be read."""

    def take_problems(self) -> tuple[ReadProblem, ...]:
        """What was found missing since this was last asked."""
        problems, self._problems = tuple(self._problems), []
        return problems

    def _begin_log(self, piece: HeaderPiece) -> None:
        """A file header."""
        header = piece.header
        self._end_log(header.offset, "another log begins here")
        if header.offset:
            self._notes.append(f"another log begins at {header.offset:#x}")
        self._log = _Log(header, header.offset + header.size)
        self._logs.append(self._log)
        self._end = self._log.start
        if len(piece.block) == header.size:
            holds = zlib.crc32(piece.block[:120]) == header.checksum
            self._checksum(holds, "file checksum", header.offset, "the checksum of the file header does not hold")

    def add_run(self, run: EvtxRun) -> tuple[ReadProblem, ...]:
        """Take the next run of the file.

        Returns:
            What is wrong with it.
        """
        for piece in run.pieces:
            self.add(piece)
        problems = [*self.take_problems()]
        for found in run.findings:
            problems += found.problems
            if found.is_faulty:
                self.faulty.add(found.chunk.offset)
            for kind, offset, seen in found.signs:
                self.sign(kind, offset, seen)
            missing = self._break_before(found.chunk)
            if missing and not found.begins_cleared:
                self.sign("ID break", found.chunk.offset, missing_ids(missing, found.chunk.first_header_id))
        return tuple(problems)

    def add(self, piece: HeaderPiece | ChunkFacts | OtherPiece) -> None:
        """Take the next piece of the file."""
        if isinstance(piece, HeaderPiece):
            self._begin_log(piece)
        elif isinstance(piece, ChunkFacts):
            self._add_chunk(piece)
        else:
            self._add_other(piece)

    def _add_chunk(self, facts: ChunkFacts) -> None:
        """What begins as a chunk does."""
        chunk = facts.chunk
        log = self._current(chunk.offset)
        self._tell_missing()
        if (chunk.offset - log.start) % CHUNK_BYTES:
            self._notes.append(f"a chunk at {chunk.offset:#x}, where none should begin")
            log.start = chunk.offset - log.chunks * CHUNK_BYTES
        self._chunks.append(chunk)
        log.chunks += 1
        log.newer += chunk.newer
        if chunk.expected > 0:
            log.last_header_id = max(log.last_header_id, chunk.last_header_id)
        self._end = facts.end
        if chunk.size < CHUNK_BYTES:
            self._cut(chunk, facts.promised)
        else:
            self._verify(facts)
        if facts.left_out:
            self._break_before(chunk)

    def _add_other(self, piece: OtherPiece) -> None:
        """What is neither header nor chunk."""
        log = self._current(piece.offset)
        index = (piece.offset - log.start) // CHUNK_BYTES
        if not piece.is_zeros:
            self._note_gap(piece)
        if piece.is_zeros and (index >= log.declared or piece.size < CHUNK_BYTES):
            self._tell_missing()
        else:
            self._miss(piece.offset, piece.size, "zeros" if piece.is_zeros else "other bytes")
        self._end = piece.offset + piece.size

    def finish(self) -> None:
        """The end of the file."""
        self._end_log(self._end, "the file ends here")
        if any(log.header and log.header.is_dirty for log in self._logs):
            self._notes.insert(0, "copied while in use (dirty flag)")
        for log in self._logs:
            self._against_header(log)
        for kind, count in self._more_signs.items():
            self._signs.append(TamperSign(self._path, kind, self._end, f"and {count:,} more of this kind in the file"))

    def layout(self) -> EvtxLayout:
        """All that was learned so far."""
        signs = sorted(self._signs, key=attrgetter("offset"))
        return EvtxLayout(
            tuple(self._chunks),
            tuple(self._gaps),
            tuple(signs),
            tuple(self._notes),
            frozenset(self.faulty),
            tuple(log.header for log in self._logs if log.header),
            self._good,
            self._bad,
        )

    def sign(self, kind: str, offset: int, seen: str) -> None:
        """Note what a change of the file may have left behind."""
        if sum(sign.kind == kind for sign in self._signs) < MANY_SIGNS:
            self._signs.append(TamperSign(self._path, kind, offset, seen))
        else:
            self._more_signs[kind] = self._more_signs.get(kind, 0) + 1

    def _break_before(self, chunk: Chunk) -> int | None:
        """How many record IDs are missing between the chunk before and this one; None for none."""
        log = self._current(chunk.offset)
        before, log.previous = log.previous, chunk.last_header_id if chunk.expected > 0 else log.previous
        missing = chunk.first_header_id - before - 1 if before is not None and chunk.expected > 0 else 0
        return missing if missing > 0 else None

    def _current(self, offset: int) -> _Log:
        if self._log is None:
            self._log = _Log(None, offset)
            self._logs.append(self._log)
            self._notes.append("no file header: it was cut off or overwritten")
        return self._log

    def _note_gap(self, piece: OtherPiece) -> None:
        last = self._gaps[-1] if self._gaps else None
        if last and last.offset + last.size == piece.offset:
            self._gaps[-1] = Gap(last.offset, last.size + piece.size)
        else:
            self._gaps.append(Gap(piece.offset, piece.size))

    def _miss(self, offset: int, size: int, what: str) -> None:
        """One entry for neighbours that fail alike: a megabyte of zeros is one problem, not sixteen."""
        if self._missing and self._missing[2] == what:
            self._missing = (self._missing[0], self._missing[1] + size, what)
        else:
            self._tell_missing()
            self._missing = (offset, size, what)

    def _tell_missing(self) -> None:
        if self._missing is None:
            return
        offset, size, what = self._missing
        places, rest = divmod(size, CHUNK_BYTES)
        if rest:
            reason = f"{size:,} bytes that belong to no chunk"
        else:
            reason = f"a chunk is missing: its place holds {what}" + (f" ({places} in a row)" if places > 1 else "")
        self._problems.append(ReadProblem(self._path, "chunk", offset, None, reason))
        self._missing = None

    def _end_log(self, offset: int, how: str) -> None:
        self._tell_missing()
        log = self._log
        if log is None:
            return
        places = max(offset - log.start, 0) // CHUNK_BYTES
        if places < log.declared:
            reason = f"{how}, after {places} of {plural(log.declared, 'chunk')}"
            self._problems.append(ReadProblem(self._path, "chunk", offset, None, reason))

    def _cut(self, chunk: Chunk, promised: int) -> None:
        there = chunk.expected
        where = f"a chunk is cut short: {chunk.size:,} of {CHUNK_BYTES:,} bytes are there"
        if there >= promised:
            self._notes.append(f"{where} at {chunk.offset:#x}, all its records among them")
            return
        reason = f"{where}, with {there:,} of {plural(promised, 'record')}"
        self._problems.append(ReadProblem(self._path, "chunk", chunk.offset, None, reason))

    def _verify(self, facts: ChunkFacts) -> None:
        place = facts.chunk.offset
        self._checksum(facts.header_holds, "chunk checksum", place, "the checksum of the chunk's header does not hold")
        said = "the checksum of the chunk's records does not hold"
        self._checksum(facts.is_sound, "records checksum", place, said)

    def _checksum(self, holds: bool, kind: str, offset: int, seen: str) -> None:
        self._good += holds
        self._bad += not holds
        if not holds:
            self.sign(kind, offset, seen)

    def _against_header(self, log: _Log) -> None:
        header = log.header
        if log.newer:
            self._notes.append(f"{plural(log.newer, 'record')} written after the header of their chunk")
        if header is None:
            return
        if header.chunks != min(log.chunks, 0xFFFF):
            said = f"header says {plural(header.chunks, 'chunk')}, {log.chunks} found"
            self._notes.append(said)
            if not header.is_dirty:
                self.sign("chunk number", header.offset, said)
        following = log.last_header_id + 1
        if following > 1 and (
            header.next_header_id > following or not (header.is_dirty or header.next_header_id == following)
        ):
            seen = f"header says that {header.next_header_id} is the next record ID, {following} is"
            self.sign("next record", header.offset, seen)
        if log.newer and not header.is_dirty:
            self.sign(
                "flags",
                header.offset,
                f"not marked as in use, but {plural(log.newer, 'record')} came after its chunks' headers",
            )
