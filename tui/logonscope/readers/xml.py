"""Reader of events as XML: one document or loose events, in any text encoding, whole files or pasted.

The text is cut at the ends of its events, so that a broken one costs itself only and memory does not depend on the
file's size.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from logonscope.display import plural
from logonscope.readers.event_xml import NotAnEventError, XmlRecord, usual_record, xml_record
from logonscope.readers.raw import RawBatch
from logonscope.readers.text_batches import MOST_CHARACTERS, Places, Run, TextReader
from logonscope.readers.text_stream import TextStream, replaced_notes, without_lone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logonscope.readers.source_file import SourceFile

_END = "</Event>"
_BEGINS = re.compile(r"<Event[\s>]")
_LONGEST_BEGIN = len("<Event ")
_BETWEEN = re.compile(r"<[^<>]*>|Record \d+|[-+\s\ufeff]")
"""What may stand between events: the root's tags, comments, evtx_dump's counting, a browser's fold marks."""
_RECORD_ID = re.compile(r"<EventRecordID>(\d{1,19})</EventRecordID>")
_CUT_OFF = "the file ends inside of this event"
_NO_END = f"the event has no end within {MOST_CHARACTERS:,} characters"
_NO_BEGINNING = "the end of an event without its beginning"


class _Stretch(NamedTuple):
    """Some text of the file: events, and what stands between them."""

    begins: int
    """Its place in the file, bytes."""
    pieces: list[str]
    """The text before each end of an event."""
    rest: str = ""
    """What follows the last end, where no more will come to it."""
    reason: str = ""
    """What is wrong with that."""
    plain: Sequence[str] = ()
    """The pieces with line ends as XML has them, where all is ASCII."""
    follows_long: bool = False
    """Whether it begins inside of an event that was given up."""


class XmlReader(TextReader):
    """One open file of events as XML.

    Args:
        file: The file.
        places: Where its events are, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened or read.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        super().__init__(file, places)
        self._has_dtd = False
        self._strays = self._replaced = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was passed over."""
        said = []
        if self._has_dtd:
            said.append("it declares a document type (DTD) or entities of its own, which are not read")
        if self._strays:
            said.append(f"other text stands between the events in {plural(self._strays, 'place')}, and was not read")
        return (*said, *replaced_notes(self._replaced))

    def batches(self) -> Iterator[RawBatch]:
        """Read all events, a block of text at a time.

        Yields:
            The events of each block; an event's header ID is its place among the ends of events.
        """
        stream = TextStream(self._file)
        number, told = 0, 0
        for stretch in _stretches(stream):
            run = Run(self._problems)
            self.places.add(number + 1, stretch.begins)
            for place, (piece, plain) in enumerate(zip(stretch.pieces, stretch.plain or repeat(""), strict=False)):
                number += 1
                # Nearly all are of this kind: nothing in them has to be replaced.
                plain = plain.lstrip()
                record = usual_record(plain) if plain.startswith("<Event ") else None
                record = record or self._record(stream, stretch, place, piece)
                if record is not None:
                    run.add(number, record.stamp, record.text)
            if stretch.reason:
                self._complain(stream, stretch, len(stretch.pieces), stretch.rest, stretch.reason)
            elif stretch.rest:
                self._first(stretch.rest)
            yield run.batch(self._file.tell() - told)
            told = self._file.tell()
        yield RawBatch([], [], [], 0, self._problems.last())

    def _record(self, stream: TextStream, stretch: _Stretch, place: int, piece: str) -> XmlRecord | None:
        text = self._readable(piece)
        begins = 0 if text.startswith("<Event ") else self._first(text)
        if begins is None:
            if place or not stretch.follows_long:
                self._complain(stream, stretch, place, "", _NO_BEGINNING)
            return None
        try:
            return self._counted(xml_record(text[begins:]))
        except NotAnEventError as error:
            reason = str(error)
        # Events that lost their end take the next one with them, unless that is read alone.
        *lost, last = (found.start() for found in _BEGINS.finditer(text))
        if lost:
            self._complain(stream, stretch, place, piece, f"{plural(len(lost), 'event')} without an end")
            try:
                return self._counted(xml_record(text[last:]))
            except NotAnEventError as error:
                reason = str(error)
        self._complain(stream, stretch, place, piece, reason)
        return None

    def _readable(self, piece: str) -> str:
        if "\r" in piece:
            piece = piece.replace("\r\n", "\n").replace("\r", "\n")
        text = without_lone(piece)
        self._replaced += text != piece
        return text

    def _counted(self, record: XmlRecord) -> XmlRecord:
        self._replaced += record.replaced
        return record

    def _first(self, text: str) -> int | None:
        """Where the first event begins; what stands before it is looked at."""
        found = _BEGINS.search(text)
        before = text[: found.start()] if found else text
        self._has_dtd = self._has_dtd or "<!DOCTYPE" in before or "<!ENTITY" in before
        self._strays += bool(_BETWEEN.sub("", before))
        return found.start() if found else None

    def _complain(self, stream: TextStream, stretch: _Stretch, place: int, piece: str, reason: str) -> None:
        if not self._problems.are_told:
            self._problems.add(None, None, reason)
            return
        begins = _BEGINS.search(piece)
        before = _END.join([*stretch.pieces[:place], piece[: begins.start()] if begins else ""])
        told = _RECORD_ID.search(piece)
        self._problems.add(stretch.begins + stream.size(before), int(told[1]) if told else None, reason)

    def record(self, header_id: int) -> str | None:
        """Read one event again.

        Args:
            header_id: Which one of the file, counted from 1.

        Returns:
            Its XML as the file has it, or None where the file has no such event.
        """
        first, offset = self.places.before(header_id)
        text = ""
        for _, block in TextStream(self._file, offset).blocks():
            text += block
            pieces = text.split(_END, header_id - first + 1)
            if len(pieces) > header_id - first + 1:
                return _event_in(without_lone(pieces[header_id - first]))
            if len(text) > 3 * MOST_CHARACTERS:
                break
        return None


def _event_in(piece: str) -> str | None:
    """The event that a piece was read as."""
    begins = [found.start() for found in _BEGINS.finditer(piece)]
    if not begins:
        return None
    try:
        xml_record(piece[begins[0] :])
    except NotAnEventError:
        return piece[begins[-1] :] + _END
    return piece[begins[0] :] + _END


def _stretches(stream: TextStream) -> Iterator[_Stretch]:
    """The text of a file, cut at the ends of its events."""
    rest, begins, is_long = "", 0, False
    for place, block in stream.blocks():
        text, begins = rest + block, begins if rest else place
        *pieces, rest = text.split(_END)
        given_up = _too_much(rest)
        if given_up is None:
            yield _Stretch(begins, pieces, plain=_plain(text, pieces), follows_long=is_long)
            is_long = is_long and not pieces
        else:
            begun = bool(_BEGINS.search(rest))
            yield _Stretch(begins, pieces, rest if begun else "", _NO_END if begun else "", follows_long=is_long)
            rest, is_long = rest[given_up:], begun or (is_long and not pieces)
        begins += stream.size(text[: len(text) - len(rest)])
    yield _Stretch(begins, [], rest, _CUT_OFF if _BEGINS.search(rest) else "")


def _plain(text: str, pieces: Sequence[str]) -> Sequence[str]:
    if not text.isascii():
        return ()
    return text.replace("\r\n", "\n").replace("\r", "\n").split(_END)[:-1] if "\r" in text else pieces


def _too_much(rest: str) -> int | None:
    """How much of the text of an event that has not ended is given up; None for nothing."""
    if len(rest) <= MOST_CHARACTERS:
        return None
    begins = [found.start() for found in _BEGINS.finditer(rest)]
    return begins[-1] if len(begins) > 1 else len(rest) - _LONGEST_BEGIN
