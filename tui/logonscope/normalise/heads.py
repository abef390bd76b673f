"""The heads of events out of the values of their records: who wrote which event, when and on which machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from logonscope.normalise.cell_texts import (
    FILETIME,
    FIRST_TIME,
    GUID,
    HEX32,
    HEX64,
    LAST_TIME,
    NULL,
    SID,
    STRING,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    guid_text,
    string_text,
)
from logonscope.normalise.envelope import SURE
from logonscope.readers.evtx_bytes import binary_slices, codes_of, pair_codes
from logonscope.readers.evtx_outline import Element, Hole, OutlineError
from logonscope.readers.sid import SID_HEAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logonscope.readers.evtx_bytes import Ints, ManyChunks
    from logonscope.readers.evtx_instances import Records

NO_VERSION = 256
_SIZES = {FILETIME: 8, UINT64: 8, HEX64: 8, UINT32: 4, HEX32: 4, UINT16: 2, UINT8: 1, GUID: 16}
_READ_AS_WRITTEN = {*_SIZES, NULL, STRING} - {FILETIME}
"""Types of which the parser takes any value of the right size, and then goes on behind it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands."""

    begin: int
    """Bytes from the beginning of the first value."""
    size: int


Said = str | Place | None
"""A text of the template itself, or the place of a value."""


@dataclass(frozen=True, slots=True)
class HeadForm:
    """What is around the payload of an event."""

    provider: Said
    classic_name: Said
    event_id: Place
    version: Place | None
    keywords: Place | None
    time: Place
    record_id: Place
    activity: Place | None
    channel: Said
    computer: Said
    user: Place | None
    """A SID: where it says that it is longer than it is, the parser misreads what follows."""
    payload: int
    """Where the last value begins, which is the payload."""
    has_user_data: bool
    """Whether that is what ``UserData`` wraps; else it is ``EventData``."""


def head_form(root: Element, descriptors: bytes) -> HeadForm:
    """The form of the head of events.

    Args:
        root: The outline of their template.
        descriptors: Sizes and types of their values, but for the last, which is the payload.

    Raises:
        OutlineError: They have another form than Windows' own.
    """
    values = list(_values(descriptors))
    system = root.element("System")
    user_data = root.element("UserData")
    holes = [part for part in (user_data or root).content if isinstance(part, Hole)]
    if root.name != "Event" or len(root.content) != 2 or root.content[0] is not system or len(holes) != 1:
        raise OutlineError("no event of the usual form")
    if holes[0].value != len(values) or (user_data and (user_data.attributes or len(user_data.content) != 1)):
        raise OutlineError("no event with its payload last")
    reading = _Reading(system, values)
    return HeadForm(
        reading.text("Provider", "Name"),
        reading.text("Provider", "EventSourceName"),
        reading.needed("EventID", UINT16),
        reading.number("Version", UINT8),
        reading.number("Keywords", HEX64),
        reading.needed("TimeCreated", FILETIME, "SystemTime"),
        reading.needed("EventRecordID", UINT64),
        reading.number("Correlation", GUID, "ActivityID"),
        reading.text("Channel"),
        reading.text("Computer"),
        reading.unread(),
        sum(place.size for place, _ in values),
        user_data is not None,
    )


def _values(descriptors: bytes) -> Iterator[tuple[Place, int]]:
    """Place and type of each value."""
    begin = 0
    for at in range(0, len(descriptors), 4):
        size = int.from_bytes(descriptors[at : at + 2], "little")
        yield Place(begin, size), int.from_bytes(descriptors[at + 2 : at + 4], "little")
        begin += size


@dataclass(frozen=True, slots=True)
class _Reading:
    system: Element
    values: list[tuple[Place, int]]

    def text(self, name: str, attribute: str = "") -> Said:
        """A text, None where there is none."""
        said = self._said(name, attribute)
        return self._place(said, STRING) if isinstance(said, Hole) else said

    def number(self, name: str, kind: int, attribute: str = "") -> Place | None:
        """A value of a type, None where the record lacks it."""
        said = self._said(name, attribute)
        if isinstance(said, str):
            raise OutlineError(f"{name} is the same in all records")
        return None if said is None else self._place(said, kind)

    def needed(self, name: str, kind: int, attribute: str = "") -> Place:
        """The same of a value that no record lacks."""
        place = self.number(name, kind, attribute)
        if place is None:
            raise OutlineError(f"there is no {name}")
        return place

    def unread(self) -> Place | None:
        """The SID among the values, if there is one; all others are numbers and texts, but for the time."""
        if not all(_has_usual_size(place, kind) for place, kind in self.values):
            raise OutlineError("a value is of another size")
        odd = [place for place, kind in self.values if kind not in _READ_AS_WRITTEN]
        sids = [place for place, kind in self.values if kind == SID]
        if len(sids) > 1 or len(odd) > len(sids) + 1:
            raise OutlineError("a value is of another type")
        return sids[0] if sids else None

    def _said(self, name: str, attribute: str) -> str | Hole | None:
        elements = [part for part in self.system.content if isinstance(part, Element) and part.name == name]
        if len(elements) > 1:
            raise OutlineError(f"{name} comes twice")
        if not elements:
            return None
        if attribute:
            return elements[0].attributes.get(attribute)
        if len(elements[0].content) > 1 or any(isinstance(part, Element) for part in elements[0].content):
            raise OutlineError(f"{name} is no single value")
        return next((part for part in elements[0].content if not isinstance(part, Element)), None)

    def _place(self, hole: Hole, kind: int) -> Place | None:
        if hole.value >= len(self.values):
            raise OutlineError("a value is missing")
        place, found = self.values[hole.value]
        if found == NULL:
            return None
        if found != kind or place.size != _SIZES.get(kind, place.size):
            raise OutlineError("a value is of another type")
        return place if place.size else None


def _has_usual_size(place: Place, kind: int) -> bool:
    if kind == SID:
        return place.size >= SID_HEAD_BYTES
    return place.size == _SIZES.get(kind, place.size) and (kind != STRING or place.size % 2 == 0)


class Texts(NamedTuple):
    """One text for each record."""

    codes: Ints
    different: list[str | None]


@dataclass(slots=True)
class Heads:
    """What is around the payloads of records."""

    provider: Texts
    classic_name: Texts
    channel: Texts
    computer: Texts
    activity: Texts
    event_ids: Ints
    versions: Ints
    """``NO_VERSION`` where there is none."""
    keywords: Ints
    times: Ints
    """FILETIME, as the event says."""
    record_ids: Ints
    header_ids: Ints
    stamps: Ints
    """FILETIME, as the record's header says."""
    is_known: Ints
    """Whether all that was understood."""


def read_heads(chunks: ManyChunks, records: Records, forms: Sequence[HeadForm], patterns: Ints, begins: Ints) -> Heads:
    """Read the heads of records.

    Args:
        chunks: The bytes.
        records: The records.
        forms: All forms of heads.
        patterns: Which of them each record has.
        begins: Where the values of each record begin.
    """
    reading = _HeadValues(chunks, forms, patterns, begins)
    times, record_ids = reading.uint64(lambda form: form.time), reading.uint64(lambda form: form.record_id)
    stamps = chunks.uint64(records.places + 16)
    version_at, version_size = reading.places(lambda form: form.version)
    keywords_at, keywords_size = reading.places(lambda form: form.keywords)
    user_at, user_size = reading.places(lambda form: form.user)
    reading.is_known &= (user_size == 0) | (user_size == SID_HEAD_BYTES + 4 * chunks.uint8(user_at + 1))
    reading.is_known &= (times >= FIRST_TIME) & (times < LAST_TIME) & (stamps < LAST_TIME) & (record_ids <= SURE)
    return Heads(
        reading.texts(lambda form: form.provider),
        reading.texts(lambda form: form.classic_name),
        reading.texts(lambda form: form.channel),
        reading.texts(lambda form: form.computer),
        reading.texts(lambda form: form.activity, guid_text),
        chunks.uint16(reading.places(lambda form: form.event_id)[0]),
        np.where(version_size > 0, chunks.bytes[version_at], NO_VERSION).astype(np.int64),
        np.where(keywords_size > 0, chunks.uint64(keywords_at), 0).astype(np.uint64),
        times.astype(np.int64),
        record_ids,
        chunks.uint64(records.places + 8),
        stamps,
        reading.is_known,
    )


class _HeadValues:
    def __init__(self, chunks: ManyChunks, forms: Sequence[HeadForm], patterns: Ints, begins: Ints) -> None:
        self._chunks = chunks
        self._forms = forms
        self._patterns = patterns
        self._begins = begins
        self.is_known = np.ones(len(patterns), bool)

    def places(self, of: Callable[[HeadForm], Said]) -> tuple[Ints, Ints]:
        """Where a value of each record stands, and its size: 0 where there is none."""
        said = [of(form) for form in self._forms]
        begins = np.array([place.begin if isinstance(place, Place) else 0 for place in said])
        sizes = np.array([place.size if isinstance(place, Place) else 0 for place in said])
        return self._begins + begins[self._patterns], sizes[self._patterns]

    def uint64(self, of: Callable[[HeadForm], Said]) -> Ints:
        """Numbers that no record lacks."""
        return self._chunks.uint64(self.places(of)[0])

    def texts(self, of: Callable[[HeadForm], Said], read: Callable[[bytes], str | None] = string_text) -> Texts:
        """Texts, those of templates or those of values; what cannot be read is not known."""
        if not any(isinstance(of(form), Place) for form in self._forms):
            return Texts(self._patterns, [said if isinstance(said := of(form), str) else None for form in self._forms])
        begins, sizes = self.places(of)
        codes, different = codes_of(binary_slices(self._chunks.whole, begins, begins + sizes))
        codes, pairs = pair_codes(codes, self._patterns, len(self._forms))
        written = different.to_pylist()
        found: list[str | None] = []
        for number, (code, pattern) in enumerate(pairs):
            said = of(self._forms[pattern])
            text = read(written[code]) if isinstance(said, Place) else said
            if text is None and isinstance(said, Place):
                self.is_known &= codes != number
            found.append(text)
        return Texts(codes, found)
