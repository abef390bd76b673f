"""Events out of the values of many records at once, without their texts: the same rows that the parser's texts give.

A record is a template with values. What a template makes of them is found out once for each form that its values take;
what is left is the same for thousands of records, and done by columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logonscope.normalise.cell_texts import UNREADABLE, cell_texts
from logonscope.normalise.heads import HeadForm, Place, head_form, read_heads
from logonscope.normalise.payloads import PayloadForm, Payloads, payload_form
from logonscope.readers.evtx_bytes import pair_codes
from logonscope.readers.evtx_definitions import UNKNOWN, Definitions
from logonscope.readers.evtx_instances import cell_patterns, cells_of, head_patterns, instances_at, records_of
from logonscope.readers.evtx_layout import BINXML, CHUNK_BYTES, RECORD_HEADER_BYTES
from logonscope.readers.evtx_name_chains import chained_names
from logonscope.readers.evtx_outline import OutlineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logonscope.normalise.heads import Heads
    from logonscope.readers.evtx_bytes import Ints, ManyChunks
    from logonscope.readers.evtx_instances import Cells, Instances, Records
    from logonscope.readers.evtx_layout import Chunk

_END_OF_STREAM = 0
_MOST_FORMS = 8192
"""Of heads, of payloads, and of both together."""
_HeadKey = tuple[int, bytes]
_PayloadKey = tuple[int, bytes, bool]
_NO_HEAD = HeadForm(None, None, Place(0, 2), None, None, Place(0, 8), Place(0, 8), None, None, None, None, 0, False)
_NO_PAYLOAD = PayloadForm((), {})


@dataclass(slots=True)
class Understood:
    """Records of chunks whose values were understood, and maybe others of those that are not good."""

    records: Records
    heads: Heads
    payloads: Payloads
    patterns: Ints
    """A number for all records of one form, the same from batch to batch."""
    is_good: Ints
    """Of which chunks all records were understood."""


@dataclass(slots=True)
class _Heads:
    """Where heads and payloads of records lie."""

    records: Records
    patterns: Ints
    values: Ints
    begins: Ints
    """Where payloads begin."""
    stops: Ints

    def only(self, kept: Ints) -> _Heads:
        return _Heads(
            self.records.only(kept), self.patterns[kept], self.values[kept], self.begins[kept], self.stops[kept]
        )


@dataclass(slots=True)
class _Fields:
    """Where the fields of records lie."""

    cells: Cells
    patterns: Ints
    keys: list[_PayloadKey]
    forms: list[PayloadForm]
    is_known: Ints


class Understanding:
    """Understands records by their templates; what it learned of those is kept."""

    def __init__(self) -> None:
        self._definitions = Definitions()
        self._head_forms: dict[_HeadKey, HeadForm | None] = {}
        self._payload_forms: dict[_PayloadKey, PayloadForm | None] = {}
        self._numbers: dict[tuple[_HeadKey, _PayloadKey], int] = {}

    def __call__(self, chunks: ManyChunks, headers: Sequence[Chunk]) -> Understood | None:
        """Understand the records of chunks.

        Args:
            chunks: The bytes.
            headers: What is known of each chunk.

        Returns:
            None where no chunk is understood.
        """
        records, is_good = records_of(chunks, headers)
        head_keys, head_forms, heads = self._find_heads(chunks, records, is_good)
        payloads = instances_at(chunks, self._definitions, heads.begins, heads.stops)
        kept = _of_good(is_good, heads.records, payloads.is_good)
        heads, payloads = heads.only(kept), payloads.only(kept)
        has_user_data = _flags(form.has_user_data for form in head_forms)
        fields = self._find_fields(chunks, heads, payloads, has_user_data)
        if not fields.is_known.all():
            kept = _of_good(is_good, heads.records, fields.is_known)
            heads, payloads = heads.only(kept), payloads.only(kept)
            fields = self._find_fields(chunks, heads, payloads, has_user_data)
        if not len(heads.values):
            return None
        texts = cell_texts(chunks, fields.cells, np.repeat(has_user_data[heads.patterns], fields.cells.counts))
        read = read_heads(chunks, heads.records, head_forms, heads.patterns, heads.values)
        read.is_known[fields.cells.owners(np.flatnonzero(texts.codes == UNREADABLE))] = False
        self._leave_odd_names(chunks, is_good)
        numbers = self._pattern_numbers(heads.patterns, head_keys, fields)
        read.is_known[numbers == UNKNOWN] = False
        is_good[heads.records.chunks[~read.is_known]] = False
        found = Payloads(fields.patterns, fields.forms, fields.cells.first, texts)
        return Understood(heads.records, read, found, numbers, is_good)

    def _leave_odd_names(self, chunks: ManyChunks, is_good: Ints) -> None:
        """Leave chunks in which chains of names break, or have others than those of templates."""
        names, has_whole_chains = chained_names(chunks)
        is_good &= has_whole_chains
        is_good[names[~self._definitions.know_names(chunks, names)] // CHUNK_BYTES] = False

    def _find_heads(
        self, chunks: ManyChunks, records: Records, is_good: Ints
    ) -> tuple[list[_HeadKey], list[HeadForm], _Heads]:
        """Heads by their forms; chunks with a record of no known form are left."""
        places, ends = records.places + RECORD_HEADER_BYTES, records.ends - 4
        heads = instances_at(chunks, self._definitions, places, ends)
        patterns, keys = head_patterns(chunks, heads)
        found = [self._head_form(key) if key[0] >= 0 else None for key in keys]
        forms = [form or _NO_HEAD for form in found]
        is_known = heads.is_good & _flags(form is not None for form in found)[patterns]
        begins = heads.values + np.array([form.payload for form in forms], np.int64)[patterns]
        last = (
            chunks.uint32(np.where(is_known, heads.descriptors + 4 * (heads.counts - 1), 0)) if len(begins) else begins
        )
        stops = begins + (last & 0xFFFF)
        is_known &= (last >> 16 == BINXML) & (stops > begins) & _are_over(chunks, stops, ends)
        kept = _of_good(is_good, records, is_known)
        return keys, forms, _Heads(records, patterns, heads.values, begins, stops).only(kept)

    def _find_fields(self, chunks: ManyChunks, heads: _Heads, payloads: Instances, has_user_data: Ints) -> _Fields:
        """Values by the forms of payloads."""
        cells = cells_of(chunks, payloads)
        patterns, keys = cell_patterns(payloads, cells, has_user_data[heads.patterns])
        found = [self._payload_form(key) for key in keys]
        is_known = _flags(form is not None for form in found)[patterns] & _are_over(chunks, cells.ends, heads.stops)
        return _Fields(cells, patterns, keys, [form or _NO_PAYLOAD for form in found], is_known)

    def _head_form(self, key: _HeadKey) -> HeadForm | None:
        if key not in self._head_forms and len(self._head_forms) < _MOST_FORMS:
            template, descriptors = key
            try:
                self._head_forms[key] = head_form(self._definitions.templates[template], descriptors)
            except OutlineError:
                self._head_forms[key] = None
        return self._head_forms.get(key)

    def _payload_form(self, key: _PayloadKey) -> PayloadForm | None:
        if key not in self._payload_forms and len(self._payload_forms) < _MOST_FORMS:
            template, types, is_user_data = key
            root = self._definitions.templates[template]
            try:
                self._payload_forms[key] = payload_form(root, types, is_user_data=is_user_data)
            except OutlineError:
                self._payload_forms[key] = None
        return self._payload_forms.get(key)

    def _pattern_numbers(self, patterns: Ints, keys: list[_HeadKey], fields: _Fields) -> Ints:
        """One number for the forms of a record's head and payload."""
        codes, pairs = pair_codes(patterns, fields.patterns, len(fields.keys))
        numbers = []
        for head, payload in pairs:
            key = keys[head], fields.keys[payload]
            if key not in self._numbers and len(self._numbers) < _MOST_FORMS:
                self._numbers[key] = len(self._numbers)
            numbers.append(self._numbers.get(key, UNKNOWN))
        return np.array(numbers, np.int64)[codes]


def _are_over(chunks: ManyChunks, places: Ints, ends: Ints) -> Ints:
    """Whether nothing follows at some places: their bytes end there, or a token says so."""
    found: Ints = (places == ends) | ((places < ends) & (chunks.bytes[np.minimum(places, ends)] == _END_OF_STREAM))
    return found


def _flags(answers: Iterable[bool]) -> Ints:
    return np.array(list(answers), bool)


def _of_good(is_good: Ints, records: Records, is_known: Ints) -> Ints:
    """Leave chunks with records that are not known; the positions of the records of the others."""
    is_good[records.chunks[~is_known]] = False
    return np.flatnonzero(is_good[records.chunks])
