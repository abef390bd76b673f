"""Reader of .evtx files: runs of chunks through the Rust parser, problems located record by record.

The file is read once, from its beginning to its end. That gives progress, cancellation, bounded memory and the place of
every fault, which the parser alone does not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.readers.evtx_apart import chunk_apart
from logonscope.readers.evtx_facts import chunk_facts
from logonscope.readers.evtx_layout import EvtxLayout, chunk_of
from logonscope.readers.evtx_parse import PARSER_ERRORS
from logonscope.readers.evtx_run import CHUNKS_PER_RUN, RunReader
from logonscope.readers.evtx_survey import Survey
from logonscope.readers.evtx_walk import ChunkPiece, walk
from logonscope.readers.open_file import OpenFile
from logonscope.readers.raw import RawBatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.model import ReadProblem, TamperSign
    from logonscope.readers.evtx_layout import Chunk
    from logonscope.readers.evtx_run import EvtxRun
    from logonscope.readers.source_file import SourceFile


class EvtxReader(OpenFile):
    """One open .evtx file.

    Args:
        file: The file.
        places: Its layout, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, file: SourceFile, places: EvtxLayout | None = None) -> None:
        super().__init__(file)
        self._survey = Survey(self._path)
        self.places = places
        self._times: tuple[int, int] | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the headers said that the contents do not bear out; complete when all of the file has been read."""
        return self.places.notes if self.places else ()

    @property
    def signs(self) -> tuple[TamperSign, ...]:
        """What a change of the file may have left behind; complete when all of it has been read."""
        return self.places.signs if self.places else ()

    def batches(self, chunks_per_run: int = CHUNKS_PER_RUN) -> Iterator[RawBatch]:
        """Read all records, the first chunk alone so that something is there at once.

        Args:
            chunks_per_run: How many chunks to parse at a time.

        Yields:
            The records of each run in the order of the file, with the problems met in it.
        """
        survey = self._survey = Survey(self._path)
        try:
            for run in RunReader(self._file, self._path, self._times).runs(chunks_per_run, first=1):
                yield raw_batch(run, survey.add_run(run))
            survey.finish()
            if problems := survey.take_problems():
                yield RawBatch([], [], [], 0, problems)
        finally:
            self.places = survey.layout()

    def only_times(self, since: int, until: int) -> None:
        """Leave out chunks of which all records lie outside of a time; see ``SkipsByTime``."""
        self._times = since, until

    def record(self, header_id: int) -> str | None:
        """Re-read one record as XML, as Windows wrote it.

        Args:
            header_id: The record ID in its header.

        Returns:
            The XML text, or None where the file no longer has such a record.
        """
        places = self.places or self._surveyed()
        for chunk in places.chunks:
            if chunk.first_header_id <= header_id <= chunk.last_header_id:
                self._file.seek(chunk.offset)
                body = self._file.read(chunk.size)
                found = self._xml(chunk, body, header_id) if len(body) == chunk.size else None
                if found is not None:
                    return found
        return None

    def _xml(self, chunk: Chunk, body: bytes, header_id: int) -> str | None:
        try:
            good, _ = chunk_apart(chunk.image(body), as_xml=True)
        except PARSER_ERRORS:
            return None
        return next((str(record["data"]) for record in good if record["event_record_id"] == header_id), None)

    def _surveyed(self) -> EvtxLayout:
        """Where the chunks lie, of a file that was not read."""
        survey = Survey(self._path)
        for piece in walk(self._file):
            if isinstance(piece, ChunkPiece):
                survey.add(chunk_facts(piece, chunk_of(piece.offset, piece.body)))
            else:
                survey.add(piece)
        self.places = survey.layout()
        return self.places


def raw_batch(run: EvtxRun, problems: tuple[ReadProblem, ...]) -> RawBatch:
    """The records of a run."""
    parts = run.parts
    size = run.stop - run.start
    return RawBatch(parts.header_ids, parts.stamps, parts.texts, size, problems, left_out=run.left_out)
