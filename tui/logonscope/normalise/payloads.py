"""The payloads of events out of the values of their records: named fields, as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logonscope.knowledge.catalogue import catalogue
from logonscope.readers.evtx_bytes import pair_codes
from logonscope.readers.evtx_instances import NOT_THERE
from logonscope.readers.evtx_layout import BINXML
from logonscope.readers.evtx_outline import Element, Hole, OutlineError

if TYPE_CHECKING:
    from logonscope.normalise.cell_texts import CellTexts
    from logonscope.readers.evtx_bytes import Ints

_to_json = msgspec.json.Encoder().encode
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][ !#-\[\]-~]*\Z")


@dataclass(frozen=True, slots=True)
class PayloadForm:
    """The fields of an event."""

    names: tuple[str, ...]
    """Of the fields, one for each value. A name may come twice, if its field fills no column."""
    attributes: dict[str, str]
    """Of the element around them."""

    @property
    def fields(self) -> dict[str, int]:
        """Which value is that of each field."""
        return {name: number for number, name in enumerate(self.names)}

    def around(self) -> list[tuple[bytes, bytes]]:
        """JSON text before and after each value."""
        before = [b',"%s":' % name.encode() for name in self.names]
        after = [b""] * len(before)
        before[0] = self._begun() + (before[0] if self.attributes else before[0][1:])
        after[-1] = b"}"
        return list(zip(before, after, strict=True))

    def without_fields(self) -> bytes:
        """JSON text where there are no fields; empty where there is nothing at all."""
        return self._begun() + b"}" if self.attributes else b""

    def _begun(self) -> bytes:
        return _to_json({"#attributes": self.attributes})[:-1] if self.attributes else b"{"


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
    is_empty = is_user_data and not root.content and not attributes
    if is_empty or len(attributes) != len(root.attributes) or is_user_data == (root.name == "EventData"):
        raise OutlineError("no payload of the usual form")
    names: list[str] = []
    for part in root.content:
        if not isinstance(part, Element) or len(part.content) != 1:
            raise OutlineError("no element with one value")
        name, value = part.name if is_user_data else _given_name(part), part.content[0]
        if not _PLAIN_NAME.match(name) or (is_user_data and part.attributes):
            raise OutlineError("no field with a plain name")
        if name in names and (is_user_data or name in _read_fields()):
            raise OutlineError("two fields of one name, which is read")
        if not isinstance(value, Hole) or value.value != len(names):
            raise OutlineError("no field with the next value")
        names.append(name)
    if len(names) != len(types) or any(kind & ~NOT_THERE == BINXML for kind in types):
        raise OutlineError("values without a field, or XML in a field")
    return PayloadForm(tuple(names), attributes)


@cache
def _read_fields() -> frozenset[str]:
    """All fields that fill columns."""
    found = catalogue()
    return frozenset(
        field for columns in (found.columns, *(kind.columns for kind in found.event)) for field in columns.values()
    )


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
    around: list[tuple[bytes, bytes]] = []
    begins = []
    for form in payloads.forms:
        begins.append(len(around))
        around += form.around() if form.names else []
    counts = np.array([len(form.names) for form in payloads.forms])[payloads.patterns]
    fields = np.arange(len(payloads.texts.codes)) + np.repeat(
        np.array(begins)[payloads.patterns] - payloads.first, counts
    )
    # A name with its value is the same in many records: put together once, it is one piece of text and not two.
    codes, pairs = pair_codes(fields, payloads.texts.codes, len(payloads.texts.texts))
    texts = payloads.texts.texts
    pieces = [around[field][0] + texts[code] + around[field][1] for field, code in pairs]
    alone = [b"" if form.names else form.without_fields() for form in payloads.forms]
    is_alone = np.array([bool(text) for text in alone])[payloads.patterns]
    if is_alone.any():
        codes = np.insert(codes, payloads.first[is_alone], len(pieces) + payloads.patterns[is_alone])
        counts = counts + is_alone
    borders = np.append(0, np.cumsum(counts)).astype(np.int32)
    parts = pa.array([*pieces, *alone], pa.binary()).take(pa.array(codes))
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(borders), parts), b"")
    return joined.cast(pa.string(), safe=False)
