"""The payloads of events out of the values of their records: named fields, as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logonscope.readers.evtx_instances import BINXML, NOT_THERE
from logonscope.readers.evtx_outline import Element, Hole, OutlineError

if TYPE_CHECKING:
    from logonscope.normalise.cell_texts import CellTexts
    from logonscope.readers.evtx_bytes import Ints

_to_json = msgspec.json.Encoder().encode
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class PayloadForm:
    """The fields of an event."""

    fields: dict[str, int]
    """Which value is that of each field, in the order of the fields."""
    attributes: dict[str, str]
    """Of the element around them in ``UserData``."""

    def pieces(self) -> list[bytes]:
        """JSON text around the values, one more than there are fields."""
        if not self.fields and not self.attributes:
            return [b""]
        begun = _to_json({"#attributes": self.attributes})[:-1] if self.attributes else b"{"
        before = [b'"%s":' % name.encode() for name in self.fields]
        if before and self.attributes:
            before[0] = b"," + before[0]
        return [begun + (before[0] if before else b"}"), *(b"," + text for text in before[1:]), b"}"][: len(before) + 1]


def payload_form(root: Element, types: bytes, *, is_user_data: bool) -> PayloadForm:
    """The form of the payload of events.

    Args:
        root: The outline of its template.
        types: Types of the values; see ``cell_patterns``.
        is_user_data: Whether ``UserData`` wraps it.

    Raises:
        OutlineError: It has another form than named fields.
    """
    attributes = {name: said for name, said in root.attributes.items() if isinstance(said, str)}
    is_usual = root.content or attributes if is_user_data else not root.attributes
    if not is_usual or len(attributes) != len(root.attributes) or is_user_data == (root.name == "EventData"):
        raise OutlineError("no payload of the usual form")
    fields: dict[str, int] = {}
    for part in root.content:
        if not isinstance(part, Element) or len(part.content) != 1:
            raise OutlineError("no element with one value")
        name, value = part.name if is_user_data else _given_name(part), part.content[0]
        if not _PLAIN_NAME.match(name) or name in fields or (is_user_data and part.attributes):
            raise OutlineError("no field with a plain name of its own")
        if not isinstance(value, Hole) or value.value >= len(types):
            raise OutlineError("no field with one value")
        fields[name] = value.value
    if len({*fields.values()}) < len(fields):
        raise OutlineError("a value in two fields")
    if any(kind & ~NOT_THERE == BINXML for kind in types):
        raise OutlineError("XML in a field")
    return PayloadForm(fields, attributes)


def _given_name(part: Element) -> str:
    """The name of a field in ``EventData``."""
    name = part.attributes.get("Name")
    return name if part.name == "Data" and len(part.attributes) == 1 and isinstance(name, str) else ""


@dataclass(slots=True)
class Payloads:
    """The fields of records."""

    patterns: Ints
    """Which of the forms each record has."""
    forms: list[PayloadForm]
    first: Ints
    """Which cell is the first of each record."""
    texts: CellTexts


def payload_texts(payloads: Payloads) -> pa.Array:
    """The fields of each record as JSON."""
    pieces: list[bytes] = []
    table: list[int] = []
    begins, lengths = [], []
    for form in payloads.forms:
        begins.append(len(table))
        written = form.pieces()
        for number, index in enumerate(form.fields.values()):
            table += (len(pieces) + number, -1 - index)
        table.append(len(pieces) + len(written) - 1)
        lengths.append(len(table) - begins[-1])
        pieces += written
    counts = np.array(lengths)[payloads.patterns]
    borders = np.append(0, np.cumsum(counts)).astype(np.int32)
    shifts = (np.array(begins)[payloads.patterns] - borders[:-1]).astype(np.int32)
    chosen = np.array(table, np.int32)[np.arange(borders[-1], dtype=np.int32) + np.repeat(shifts, counts)]
    is_cell = np.flatnonzero(chosen < 0)
    cells = np.repeat(payloads.first.astype(np.int32) - 1, counts)[is_cell] - chosen[is_cell]
    chosen[is_cell] = payloads.texts.codes[cells] + len(pieces)
    parts = pa.array([*pieces, *payloads.texts.texts], pa.binary()).take(pa.array(chosen))
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(borders), parts), b"")
    return joined.cast(pa.string(), safe=False)
