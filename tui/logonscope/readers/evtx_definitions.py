"""Which of the templates that many chunks define are the same.

Each chunk defines the templates that it uses anew, and names once what comes in several. So two definitions of one
template differ in the places of names, and in which names they hold themselves. All other bytes must be the same, and
so must all names: that two definitions have one GUID proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from logonscope.readers.evtx_bytes import binary_slices, codes_of, pair_codes
from logonscope.readers.evtx_layout import CHUNK_BYTES, DEFINITION_HEADER_BYTES, NAME_HEADER
from logonscope.readers.evtx_outline import LONGEST_NAME, OutlineError, outline_of

if TYPE_CHECKING:
    from logonscope.readers.evtx_bytes import Ints, ManyChunks
    from logonscope.readers.evtx_outline import Element

UNKNOWN = -1
_MOST_BYTES = 1 << 22
"""Of all forms: ten times what the logs of many machines have."""
_MOST_LIKE_IT = 32
_NAME_END_BYTES = 2
_GUID_AT, _SIZE_AT = 4, 20


class _Form(NamedTuple):
    """One way in which a template is written down."""

    template: int
    written: Ints
    """Its bytes as first met."""
    compared: Ints
    """255 for each byte that must be the same, 0 for others."""
    inside: Ints
    """Bytes from its beginning to the places of names that it holds itself."""
    outside: Ints
    """The same of other names."""
    names: Ints
    """Numbers of those other names."""


class Definitions:
    """All templates that were met; their numbers stay the same."""

    def __init__(self) -> None:
        self.templates: list[Element] = []
        """The outline of each template."""
        self._numbers: dict[tuple[bytes, str], int] = {}
        self._forms: dict[bytes, list[_Form | None]] = defaultdict(list)
        self._names: dict[bytes, int] = {}
        self._met = 0
        """Bytes of all forms."""

    def numbers(self, chunks: ManyChunks, places: Ints) -> Ints:
        """The number of the template that is defined at each of some places.

        Args:
            chunks: The bytes.
            places: Different places in them, in order; each has a whole header and its size fits the chunk.

        Returns:
            ``UNKNOWN`` for those of a form that Windows' own events do not have, for those that share bytes, and those
            of one GUID and size that mean two things in a chunk: the parser may take one for the other.
        """
        found = np.full(len(places), UNKNOWN, np.int64)
        sizes = chunks.uint32(places + _SIZE_AT)
        apart = np.flatnonzero(_are_apart(places, places + DEFINITION_HEADER_BYTES + sizes))
        heads = binary_slices(chunks.whole, places[apart] + _GUID_AT, places[apart] + DEFINITION_HEADER_BYTES)
        codes, keys = codes_of(heads)
        order = apart[np.argsort(codes, kind="stable")]
        borders = np.append(0, np.cumsum(np.bincount(codes, minlength=len(keys))))
        asked: list[tuple[Ints, Ints, Ints]] = []
        for number, key in enumerate(keys.to_pylist()):
            group = order[borders[number] : borders[number + 1]]
            self._group(chunks, places, group, int(sizes[group[0]]), self._forms[key], found, asked)
        if asked:
            self._compare_names(chunks, found, *map(np.concatenate, zip(*asked, strict=True)))
        found[apart[_mean_two_things(found[apart], places[apart] // CHUNK_BYTES, codes)]] = UNKNOWN
        return found

    def know_names(self, chunks: ManyChunks, places: Ints) -> Ints:
        """Whether each of the names at some different places is one that a template has."""
        known: Ints = self._name_numbers(chunks, places) != UNKNOWN
        return known

    def _group(
        self,
        chunks: ManyChunks,
        places: Ints,
        group: Ints,
        size: int,
        forms: list[_Form | None],
        found: Ints,
        asked: list[tuple[Ints, Ints, Ints]],
    ) -> None:
        """Definitions of one GUID and size: each is compared with the forms that were met."""
        written = chunks.rows(places[group], DEFINITION_HEADER_BYTES + size)
        left = np.arange(len(group))
        tried = 0
        while len(left):
            if tried == len(forms):
                if tried >= _MOST_LIKE_IT or self._met + size > _MOST_BYTES:
                    return
                forms.append(self._learn(chunks, int(places[group[left[0]]]), written[left[0]]))
            form = forms[tried]
            tried += 1
            if form is None:
                left = left[1:] if tried == len(forms) else left
                continue
            same = ~((written[left] ^ form.written) & form.compared).any(axis=1)
            fitting, left = left[same], left[~same]
            self._place_names(chunks, places, group[fitting], form, found, asked)

    def _place_names(
        self,
        chunks: ManyChunks,
        places: Ints,
        fitting: Ints,
        form: _Form,
        found: Ints,
        asked: list[tuple[Ints, Ints, Ints]],
    ) -> None:
        begins = places[fitting]
        bases = (begins & -CHUNK_BYTES)[:, None]
        inside = begins[:, None] + form.inside
        is_good = (chunks.uint32(inside) + bases == inside + 4).all(axis=1)
        outside = begins[:, None] + form.outside
        named = chunks.uint32(outside)
        is_good &= ((named < CHUNK_BYTES - NAME_HEADER.size) & (named + bases != outside + 4)).all(axis=1)
        found[fitting[is_good]] = form.template
        named = (named + bases)[is_good]
        asked.append((named.ravel(), np.tile(form.names, len(named)), np.repeat(fitting[is_good], len(form.names))))

    def _compare_names(self, chunks: ManyChunks, found: Ints, places: Ints, names: Ints, definitions: Ints) -> None:
        codes, distinct = codes_of(pa.array(places))
        numbers = self._name_numbers(chunks, distinct.to_numpy())
        found[definitions[numbers[codes] != names]] = UNKNOWN

    def _name_numbers(self, chunks: ManyChunks, places: Ints) -> Ints:
        """The numbers of the names at some places; ``UNKNOWN`` for those that were never met."""
        order = np.argsort(places)
        begins = places[order] + NAME_HEADER.size
        ends = begins + 2 * chunks.uint16(begins - 2)
        limits = np.minimum((begins | (CHUNK_BYTES - 1)) + 1, np.append(begins[1:], len(chunks.whole)))
        is_good = (ends + _NAME_END_BYTES <= limits) & (ends - begins <= LONGEST_NAME)
        codes, distinct = codes_of(binary_slices(chunks.whole, begins, np.where(is_good, ends, begins)))
        numbers = np.array([self._names.get(name, UNKNOWN) for name in distinct.to_pylist()])
        result = np.empty_like(places)
        result[order] = np.where(is_good, numbers[codes], UNKNOWN)
        return result

    def _learn(self, chunks: ManyChunks, place: int, written: Ints) -> _Form | None:
        self._met += len(written)
        base = place & -CHUNK_BYTES
        try:
            outline = outline_of(chunks.whole[base : base + CHUNK_BYTES], place - base)
        except OutlineError:
            return None
        compared = np.full(len(written), 255, np.uint8)
        compared[:_GUID_AT] = 0
        for name in outline.names:
            compared[name.at : name.at + (8 if name.is_inside else 4)] = 0
        key = bytes(written[_GUID_AT:_SIZE_AT]), repr(outline.root)
        template = self._numbers.setdefault(key, len(self.templates))
        if template == len(self.templates):
            self.templates.append(outline.root)
        outside = [name for name in outline.names if not name.is_inside]
        numbers = {name.name: self._names.setdefault(name.name, len(self._names)) for name in outline.names}
        return _Form(
            template,
            written.copy(),
            compared,
            np.array([name.at for name in outline.names if name.is_inside], np.int64),
            np.array([name.at for name in outside], np.int64),
            np.array([numbers[name.name] for name in outside], np.int64),
        )


def _are_apart(begins: Ints, ends: Ints) -> Ints:
    """Which stretches share no bytes with another, so that all of them are no longer than what they lie in."""
    reach = np.maximum.accumulate(ends)
    shares = np.append(ends[:-1] > begins[1:], False)[: len(begins)]
    shares[1:] |= reach[:-1] > begins[1:]
    return ~shares


def _mean_two_things(templates: Ints, chunks: Ints, codes: Ints) -> Ints:
    """Which definitions are of another template than one of the same code in their chunk."""
    owners, pairs = pair_codes(chunks, codes, int(codes.max(initial=0)) + 1)
    least, most = np.full(len(pairs), templates.max(initial=0)), np.full(len(pairs), UNKNOWN)
    np.minimum.at(least, owners, templates)
    np.maximum.at(most, owners, templates)
    differ: Ints = (least != most)[owners]
    return differ
