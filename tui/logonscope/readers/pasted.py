"""Reader of events that were copied from Event Viewer as text, one or many, with or without their XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from logonscope.display import plural
from logonscope.readers.event_text import take_apart, text_record
from logonscope.readers.event_xml import NotAnEventError, xml_record
from logonscope.readers.local_times import LocalTimes, day_order
from logonscope.readers.messages import message_notes
from logonscope.readers.raw import RawBatch
from logonscope.readers.text_batches import MOST_CHARACTERS, Places, Run, TextReader
from logonscope.readers.text_stream import TextStream, replaced_notes, without_lone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.source_file import SourceFile

BEGINS = re.compile(r"^(?=[ \t>\ufeff]*Log Name:[ \t])", re.MULTILINE)
_DATE = re.compile(r"^.*?\bDate:[ \t]*(.{6,40}?)(?:[ \t]+Event ID:.*|[ \t]*)$", re.MULTILINE)
_ELEMENT_BEGINS = re.compile(r"<Event[\s>]")
_END = "</Event>"
_TOO_LONG = f"the text of an event goes on for more than {MOST_CHARACTERS:,} characters; the rest was not read"
_MOST_DATE_BLOCKS = 64
"""So many blocks are looked through for a date that decides between day and month."""


class _Stretch(NamedTuple):
    """Some text of the file."""

    begins: int
    """Its place in the file, bytes."""
    pieces: list[str]
    """The text of one event each; the first of the file is what stands before."""
    is_cut: bool = False
    """Whether the last one goes on for too long, and was given up."""


class PastedReader(TextReader):
    """One open file of events as text.

    Args:
        file: The file.
        places: Where its events are, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened or read.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        super().__init__(file, places)
        self._times = LocalTimes(None)
        self._unknown = self._one_line = self._names = self._texts = self._replaced = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What the text cannot tell, and what of it was not understood."""
        if not self._texts:
            return ()
        said = ["events as text carry no EventRecordID: their place in the file stands for it", *self._times.notes]
        said += message_notes(self._unknown, self._names)
        if self._one_line:
            said.append(
                f"{plural(self._one_line, 'event')} on one line: a name in it could pass for another field, compare "
                "what matters with the log"
            )
        return (*said, *replaced_notes(self._replaced))

    def batches(self) -> Iterator[RawBatch]:
        """Read all events.

        Yields:
            The events of each block of text; an event's header ID is its place in the file.
        """
        self._times = LocalTimes(day_order(self._dates()), self._chosen_order)
        stream = TextStream(self._file)
        number, told = 0, 0
        for stretch in _stretches(stream):
            run = Run(self._problems)
            self.places.add(number + 1, stretch.begins)
            for place, piece in enumerate(stretch.pieces):
                for text in _events(piece):
                    number += 1
                    self._add(run, number, text, stream, stretch, place)
            if stretch.is_cut:
                self._problems.add(stretch.begins, None, _TOO_LONG)
            yield run.batch(self._file.tell() - told)
            told = self._file.tell()
        yield RawBatch([], [], [], 0, self._problems.last())

    def _dates(self) -> Iterator[str]:
        for number, (_, block) in enumerate(TextStream(self._file).blocks()):
            if number == _MOST_DATE_BLOCKS:
                return
            yield from (found[1] for found in _DATE.finditer(block.replace("\r", "")))

    def _add(self, run: Run, number: int, text: str, stream: TextStream, stretch: _Stretch, place: int) -> None:
        readable = without_lone(text)
        self._replaced += readable != text
        try:
            record, stamp = self._record(readable)
        except NotAnEventError as error:
            before = stream.size("".join(stretch.pieces[:place])) if self._problems.are_told else 0
            self._problems.add(stretch.begins + before, None, str(error))
            return
        run.add(number, stamp, record)

    def _record(self, text: str) -> tuple[str, str]:
        """The record, and its time as in ``RawBatch.stamps``."""
        text = text.replace("\r\n", "\n")
        if text.startswith("<Event"):
            found = xml_record(text.removesuffix(_END))
            return found.text, found.stamp
        event = take_apart(text)
        elements = _elements(event.xml)
        if elements:
            try:
                found = xml_record(event.xml[slice(*elements[0])].removesuffix(_END))
            except NotAnEventError:
                pass  # then the text has to do
            else:
                return found.text, found.stamp
        time, stamp = self._times(event.values.get("Date", ""))
        record = text_record(event, time)
        self._texts += 1
        self._unknown += not record.is_whole
        self._one_line += event.is_one_line
        self._names += record.lacks_sids
        return record.text, stamp

    def record(self, header_id: int) -> str | None:
        """Read one event again.

        Args:
            header_id: Which one of the file, counted from 1.

        Returns:
            Its text as the file has it, or None where the file has no such event.
        """
        first, offset = self.places.before(header_id)
        number = first - 1
        for stretch in _stretches(TextStream(self._file, offset)):
            for piece in stretch.pieces:
                for text in _events(piece):
                    number += 1
                    if number == header_id:
                        return without_lone(text).rstrip()
        return None


def _stretches(stream: TextStream) -> Iterator[_Stretch]:
    """The text of a file, cut where events begin."""
    rest, begins = "", 0
    for place, block in stream.blocks():
        text, begins = rest + block, begins if rest else place
        *pieces, rest = BEGINS.split(text)
        is_cut = False
        if len(rest) > MOST_CHARACTERS:  # no event is so long: what it begins with is read
            pieces.append(rest[:MOST_CHARACTERS])
            rest, is_cut = "", bool(BEGINS.match(rest))
        yield _Stretch(begins, pieces, is_cut)
        begins += stream.size(text[: len(text) - len(rest)])
    yield _Stretch(begins, [rest])


def _events(piece: str) -> Iterator[str]:
    """The events in a piece: the one whose text it is, and those that follow as XML alone."""
    is_text = bool(BEGINS.match(piece))
    elements = _elements(piece)
    if is_text:
        if elements and "Event Xml:" in piece[: elements[0][0]]:
            del elements[0]
        yield piece[: elements[0][0]] if elements else piece
    for begins, ends in elements:
        yield piece[begins:ends]


def _elements(text: str) -> list[tuple[int, int]]:
    """Where Event elements begin and end."""
    found: list[tuple[int, int]] = []
    past = 0
    while (end := text.find(_END, past)) >= 0:
        begins = _ELEMENT_BEGINS.search(text, past, end)
        past = end + len(_END)
        if begins:
            found.append((begins.start(), past))
    return found
