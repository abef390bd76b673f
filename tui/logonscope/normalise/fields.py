"""EventData -> columns. Most records fill few columns, so columns are made for those that do, and then spread."""

from __future__ import annotations

from array import array
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import astuple

from logonscope.display import microseconds
from logonscope.normalise import values
from logonscope.normalise.cached import Cached, looked_up
from logonscope.normalise.decode import decode_fields, decode_subject, decode_whole_subject, subject_texts
from logonscope.normalise.layouts import field_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logonscope.normalise.dims import Dims
    from logonscope.normalise.envelope import Kind
    from logonscope.normalise.layouts import Layout

_DIM_FIELDS = ("source_ip", "workstation", "process", "logon_process", "object")
SIDES = ("target", "subject")
_CODES = frozenset((*_DIM_FIELDS, *SIDES, "account"))
NUMBER_FIELDS = {
    **dict.fromkeys(("target_logon_id", "subject_logon_id", "linked_logon_id"), pa.uint64()),
    "clock_step": pa.int64(),
    "logon_type": pa.uint8(),
    "elevated": pa.bool_(),
    "status": pa.uint32(),
    "sub_status": pa.uint32(),
    "session_number": pa.int32(),
}


def int32_array(codes: Sequence[int]) -> pa.Array:
    """Codes, none of them missing, as an Arrow array; quicker than ``pa.array``, which looks at each."""
    return pa.Array.from_buffers(pa.int32(), len(codes), [None, pa.py_buffer(array("i", codes))])


class FieldColumns:
    """Makes the columns that EventData fills.

    Args:
        dims: The case's dims.
    """

    def __init__(self, dims: Dims) -> None:
        self.dims = dims
        self._subjects = Cached(self._subject)
        self._logon_ids = Cached(values.uint64)
        self.tables: dict[str, dict[Any, Any]] = {
            **{name: dims.text[name] for name in _DIM_FIELDS},
            "logon_type": Cached(values.small),
            "elevated": Cached(values.yes_no),
            "status": Cached(values.uint32),
            "sub_status": Cached(values.uint32),
            "session_number": Cached(values.session_number),
            **dict.fromkeys(("target_logon_id", "subject_logon_id", "linked_logon_id"), self._logon_ids),
        }

    def __call__(self, kinds: Sequence[Kind], numbers: Sequence[int], texts: Sequence[bytes]) -> dict[str, pa.Array]:
        """Make the columns of one batch.

        Args:
            kinds: All kinds of records.
            numbers: Which of them each record is of.
            texts: JSON text of each record's EventData, empty for none.

        Returns:
            One array per column, one value per record.
        """
        self._logon_ids.trim()
        self._subjects.trim()
        positions: dict[int, list[int]] = defaultdict(list)
        for position, number in enumerate(numbers):
            positions[number].append(position)
        groups = [(kinds[number].layout, found) for number, found in positions.items()]
        whole = [(layout, found) for layout, found in groups if layout.decode]
        subjects = [position for layout, found in groups if layout.subject_only for position in found]
        columns = self._whole(whole, texts)
        alone = self._subject_columns([texts[position] for position in subjects])
        in_order = [position for _, found in whole for position in found]
        both = _places(len(texts), [*in_order, *subjects])
        only_whole = _places(len(texts), in_order)
        spread = {}
        for name, column in columns.items():
            if name in alone:
                spread[name] = _with_default(pa.concat_arrays([column, alone[name]]), name).take(both)
            else:
                spread[name] = _with_default(column, name).take(only_whole)
        return spread

    def _whole(self, groups: Sequence[tuple[Layout, list[int]]], texts: Sequence[bytes]) -> dict[str, pa.Array]:
        """Columns of the records whose fields are decoded, group by group."""
        found: dict[str, list[Any]] = {name: [] for name in (*self.tables, *SIDES, "clock_step", "about")}
        for layout, positions in groups:
            rows = decode_fields(layout, [texts[position] for position in positions])
            filled = zip(layout.fields, zip(*map(astuple, rows), strict=True), strict=True)
            fields = dict.fromkeys(field_columns(), (None,) * len(rows)) | dict(filled)
            for name, table in self.tables.items():
                found[name] += looked_up(table, fields[name])
            for side in SIDES:
                found[side] += self._accounts(*(fields[f"{side}_{part}"] for part in ("sid", "name", "domain")))
            found["clock_step"] += _clock_steps(fields["time_before"], fields["time_after"])
            found["about"] += [layout.about] * len(rows)
        columns = {name: int32_array(found[name]) for name in (*_DIM_FIELDS, *SIDES)}
        columns |= {name: pa.array(found[name], kind) for name, kind in NUMBER_FIELDS.items()}
        columns["account"], columns["logon_id"] = spoken_of(pa.array(found["about"], pa.int8()), columns)
        del columns["target_logon_id"]
        return columns

    def _accounts(self, sids: Sequence[Any], names: Sequence[Any], domains: Sequence[Any]) -> list[int]:
        return looked_up(self.dims.account, list(zip(sids, names, domains, strict=True)))

    def _subject_columns(self, texts: Sequence[bytes]) -> dict[str, pa.Array]:
        found = looked_up(self._subjects, subject_texts(texts))
        if None in found:
            found = [
                self._coded(decode_whole_subject(t)) if f is None else f for f, t in zip(found, texts, strict=True)
            ]
        accounts = int32_array([account for account, _ in found])
        logon_ids = pa.array([logon_id for _, logon_id in found], pa.uint64())
        return {"account": accounts, "subject": accounts, "logon_id": logon_ids, "subject_logon_id": logon_ids}

    def _subject(self, beginning: bytes) -> tuple[int, int | None] | None:
        subject = decode_subject(beginning)
        return None if subject is None else self._coded(subject)

    def _coded(self, subject: tuple[Any, Any, Any, Any]) -> tuple[int, int | None]:
        *account, logon_id = subject
        return looked_up(self.dims.account, [tuple(account)])[0], values.uint64(logon_id)


def _places(count: int, positions: list[int]) -> pa.Array:
    """For each record, which row of a column made for some records is its own; the one after the last for others."""
    places = array("i", [len(positions)]) * count
    for row, position in enumerate(positions):
        places[position] = row
    return pa.Array.from_buffers(pa.int32(), count, [None, pa.py_buffer(places)])


def _with_default(column: pa.Array, name: str) -> pa.Array:
    return pa.concat_arrays([column, pa.array([0 if name in _CODES else None], column.type)])


def spoken_of(about: pa.Array, columns: dict[str, Any]) -> tuple[pa.Array, pa.Array]:
    """The account and the logon ID that each event speaks of."""
    target, subject = columns["target"], columns["subject"]
    target_id, subject_id = columns["target_logon_id"], columns["subject_logon_id"]
    names_target, names_subject = pc.not_equal(target, 0), pc.not_equal(subject, 0)
    speaks = pc.not_equal(about, 0)
    of_target = pc.or_(pc.and_(pc.equal(about, 1), names_target), pc.and_(speaks, pc.invert(names_subject)))
    account = pc.if_else(of_target, target, pc.if_else(speaks, subject, 0)).cast(pa.int32())
    own_id = pc.if_else(names_target, target_id, pc.coalesce(target_id, subject_id))
    logon_id = pc.if_else(of_target, own_id, pc.if_else(speaks, subject_id, pa.scalar(None, pa.uint64())))
    return account, logon_id


def _clock_steps(before: Sequence[Any], after: Sequence[Any]) -> Iterable[int | None]:
    return before if before.count(None) == len(before) else map(clock_step, before, after)


def clock_step(before: Any, after: Any) -> int | None:
    """By how much a clock was set, in microseconds; None where the record does not say so."""
    if before is None or after is None:
        return None
    try:
        return microseconds(datetime.fromisoformat(after) - datetime.fromisoformat(before))
    except (TypeError, ValueError):
        return None
