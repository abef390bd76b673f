"""Columns that no query can give: what happened, in words. Told for a whole column at once where that can be."""

from __future__ import annotations

import re
from dataclasses import fields as dataclass_fields
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from logonscope.export.fields import listing
from logonscope.export.filling import distinct_texts, fill_columns
from logonscope.knowledge.catalogue import event_kinds
from logonscope.knowledge.coverage import mark_sentence
from logonscope.knowledge.recovery import recovery_kind
from logonscope.knowledge.words import plain_words, told_field
from logonscope.model import Account, CoverageMark, Event
from logonscope.store.event_rows import event_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case
    from logonscope.filters.compile import Target
    from logonscope.filters.lookup import Lookup
    from logonscope.knowledge.catalogue import EventKind

_TAKES = {
    "target": ("target",),
    "subject": ("subject",),
    "account": ("account",),
    "how": ("logon_type",),
    "type": ("logon_type",),
    "source": ("source_ip", "workstation", "logon_type"),
    "status": ("status", "sub_status"),
    "program": ("process",),
    "object": ("object",),
    "object.name": ("object",),
    "session_number": ("session_number",),
    "clock_step": ("clock_step",),
}
"""The columns of the store that a field of a template is told from; any other is a field of the record itself."""
_Column: TypeAlias = "Callable[[str], pa.Array]"
_ACCOUNTS = ("target", "subject", "account")
_TEXTS = ("source_ip", "workstation", "process", "object")
_NO_EVENT: dict[str, Any] = {
    field.name: None if "None" in str(field.type) else "" for field in dataclass_fields(Event) if field.name != "fields"
} | dict.fromkeys(_ACCOUNTS, Account())


def told_columns(target: Target, case: Case) -> Callable[[pa.RecordBatch], dict[str, pa.Array]]:
    """What tells the columns without SQL, of one batch of the query after another."""
    if target == "event":
        return _EventsTold(case.lookup())
    return _marks_told if target == "coverage" else lambda batch: {}


class _EventsTold:
    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._told: dict[str, _Told] = {}

    def __call__(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        recovered = distinct_texts([batch.column("told recovered")], lambda values: recovery_kind(values[0]))
        return {"words": self._words(batch), "recovered": recovered}

    def _words(self, batch: pa.RecordBatch) -> pa.Array:
        """The events of one kind after those of another, and then each in its place."""
        if not batch.num_rows:
            return pa.array([], pa.string())
        words, places = [], []
        for provider, event_id in _kinds(batch):
            is_one = pc.and_kleene(_is(batch.column("provider"), provider), _is(batch.column("event"), event_id))
            places.append(pc.indices_nonzero(pc.fill_null(is_one, fill_value=False)))
            kind = event_kinds().get((provider or "", event_id))
            own = partial(_own, batch, places[-1])
            words.append(self._of_kind(kind, own, len(places[-1])) if kind else self._one_by_one(own))
        return pa.concat_arrays(words).take(pc.sort_indices(pa.concat_arrays(places)))

    def _of_kind(self, kind: EventKind, own: _Column, rows: int) -> pa.Array:
        def column(name: str) -> pa.Array:
            takes = _TAKES.get(name)
            if takes is None:
                texts = own("fields")
                is_there = pc.match_substring_regex(texts, f'"{re.escape(name.partition(".")[0])}"')
                return distinct_texts(
                    [pc.if_else(is_there, texts, None)], lambda row: _of_record(kind, name, row[0])
                )  # fmt: skip
            told = self._told.setdefault(
                _told_alike(kind, name),
                _Told(lambda row: told_field(self._event(dict(zip(takes, row, strict=True))), kind, name)),
            )
            return distinct_texts([own(f"told {taken}") for taken in takes], told.__getitem__)

        return fill_columns(kind.words, column, rows)

    def _one_by_one(self, own: _Column) -> pa.Array:
        names = listing("event").told_by
        rows = zip(
            *(own(name).to_pylist() for name in ("provider", "event", "fields")),
            *(own(f"told {name}").to_pylist() for name in names),
            strict=True,
        )
        words = [
            plain_words(
                self._event(
                    dict(zip(names, codes, strict=True)),
                    provider=provider or "",
                    event_id=event_id,
                    fields=event_fields(fields),
                )
            )
            for provider, event_id, fields, *codes in rows
        ]
        return pa.array(words, pa.string())

    def _event(self, codes: dict[str, Any], **known: Any) -> Event:
        """As much of an event as is told."""
        for name in _TEXTS:
            if name in codes:
                codes[name] = self._lookup.texts[name][codes[name]]
        for name in _ACCOUNTS:
            if name in codes:
                codes[name] = Account(*self._lookup.accounts[codes[name]])
        return Event(**(_NO_EVENT | codes | known))


class _Told(dict[tuple[Any, ...], str]):
    """Texts by what they are told from, each told once."""

    def __init__(self, tell: Callable[[tuple[Any, ...]], str]) -> None:
        super().__init__()
        self._tell = tell

    def __missing__(self, values: tuple[Any, ...]) -> str:
        text = self[values] = self._tell(values)
        return text


def _own(batch: pa.RecordBatch, places: pa.Array, name: str) -> pa.Array:
    """A column of some of the rows: most words need few columns."""
    return batch.column(name).take(places)


def _told_alike(kind: EventKind, name: str) -> str:
    """The fields that have the same text for the same values, whatever event they are of."""
    return "account" if name in _ACCOUNTS else f"status {kind.status}" if name == "status" else name


def _of_record(kind: EventKind, name: str, fields: str | None) -> str:
    """One field of the record itself."""
    return told_field(Event(**_NO_EVENT, fields=event_fields(fields)), kind, name)


def _kinds(batch: pa.RecordBatch) -> list[tuple[str | None, int]]:
    kinds = pa.Table.from_batches([batch.select(["provider", "event"])])
    return [(row["provider"], row["event"]) for row in kinds.group_by(["provider", "event"]).aggregate([]).to_pylist()]


def _is(column: pa.Array, value: Any) -> pa.Array:
    return column.is_null() if value is None else pc.equal(column, value)


def _marks_told(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    words = [
        mark_sentence(
            CoverageMark(
                0, "", row["channel"] or "", row["kind"], row["since"], row["until"], row["amount"], None,
                row["about"] or "",
            )
        )
        for row in batch.select(["channel", "kind", "since", "until", "amount", "about"]).to_pylist()
    ]  # fmt: skip
    return {"words": pa.array(words, pa.string())}
