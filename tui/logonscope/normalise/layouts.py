"""How to read the fields of each kind of event: decoders made from the catalogue.

Every value is typed loosely: one field may come as a number in one record and as text in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from logonscope.knowledge.catalogue import About, catalogue, event_kinds

_ABOUT = {"none": 0, "target": 1, "subject": 2}


class Layout(msgspec.Struct, frozen=True, gc=False):
    """How to read the EventData of one kind of event."""

    decode: Callable[[bytes], Any] | None
    """Gives an object with one attribute per column; missing where fields fill none, or the subject's alone do."""
    nothing: Any
    """What ``decode`` gives for an event without EventData."""
    fields: dict[str, str]
    """The columns that it fills, in the order of the attributes, and the field that fills each."""
    subject_only: bool
    """Whether only the subject fills columns."""
    about: int
    """0 none, 1 target, 2 subject."""
    known: bool
    """Whether the catalogue has this event."""


def field_columns() -> tuple[str, ...]:
    """The columns that EventData fills, in the order of ``events.toml``."""
    return tuple(catalogue().columns)


class Layouts(dict[tuple[str, int], Layout]):
    """Layouts by (provider name, event ID), made when first met."""

    def __missing__(self, key: tuple[str, int]) -> Layout:
        kind = event_kinds().get(key)
        provider = catalogue().providers.get(key[0])
        about: About = kind.about if kind else provider.about if provider else "none"
        subject_only = kind.fields == "subject" if kind else about == "subject"
        if subject_only:
            fields = {column: field for column, field in catalogue().columns.items() if column.startswith("subject_")}
        else:
            fields = catalogue().fields_of(kind) if kind else {}
        columns = [(column, Any, msgspec.field(default=None, name=field)) for column, field in fields.items()]
        struct = msgspec.defstruct("Fields", columns, gc=False)
        decode = msgspec.json.Decoder(struct | None).decode if kind and not subject_only else None
        layout = Layout(decode, struct(), fields, subject_only, _ABOUT[about], kind is not None)
        self[key] = layout
        return layout


@cache
def layouts() -> Layouts:
    """All that have been met."""
    return Layouts()
