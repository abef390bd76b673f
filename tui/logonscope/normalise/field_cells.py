"""Which of the values of many records fill which column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from logonscope.readers.evtx_bytes import pair_codes

if TYPE_CHECKING:
    from logonscope.normalise.envelope import Kind
    from logonscope.normalise.payloads import Payloads
    from logonscope.readers.evtx_bytes import Ints

_decode = msgspec.json.Decoder().decode


class FieldCells:
    """The values of the fields of records; its length is that of their different texts.

    Args:
        payloads: The fields.
        kinds: All kinds of records.
        of_records: Which of them each record is of.
    """

    def __init__(self, payloads: Payloads, kinds: list[Kind], of_records: Ints) -> None:
        self._pairs, pairs = pair_codes(of_records, payloads.patterns, len(payloads.forms))
        wanted = [(kinds[kind].layout, payloads.forms[form].fields) for kind, form in pairs]
        self._indexes = [
            {column: fields.get(name, -1) for column, name in layout.fields.items()} for layout, fields in wanted
        ]
        self._payloads = payloads
        self._raws: dict[int, Any] = {len(self): None}
        abouts = [layout.about if layout.fields else 0 for layout, _ in wanted]
        self.about = np.array(abouts, np.int8)[self._pairs]
        """Of whom each record speaks: 0 nobody, 1 target, 2 subject."""

    def __len__(self) -> int:
        return len(self._payloads.texts.texts)

    def codes(self, column: str) -> Ints:
        """For each record the code of the text that fills a column; the length of all where there is none."""
        index = np.array([row.get(column, -1) for row in self._indexes], np.int64)[self._pairs]
        is_there = np.flatnonzero(index >= 0)
        codes = np.full(len(index), len(self))
        found = self._payloads.texts.codes[self._payloads.first[is_there] + index[is_there]]
        # What is left to the parser has no text: its chunk is left out later.
        codes[is_there] = np.where(found < 0, len(self), found)
        return codes

    def raw(self, code: int) -> Any:
        """The value of a code, as JSON has it."""
        if code not in self._raws:
            self._raws[code] = _decode(self._payloads.texts.texts[code])
        return self._raws[code]
