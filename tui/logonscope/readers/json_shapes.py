"""What tools make of an event in JSON, as ``json_shapes.toml`` has it, and how one is told from another."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec

from logonscope.knowledge.toml_file import load
from logonscope.readers.formats import Variant

_NOTHING: dict[str, Any] = {}
_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_decode = msgspec.json.Decoder().decode
PARTS = (
    "provider", "event_id", "version", "level", "task", "opcode", "keywords", "guid", "time", "record_id",
    "activity_id", "process_id", "thread_id", "channel", "computer", "user_sid", "local", "utc",
)  # fmt: skip
"""What a shape tells the place of, in the order in which ``Shape.parts`` gives them."""


class Lookup:
    """Finds several places of a record at once; a place that is not there is None.

    Args:
        paths: Keys with dots between them.
    """

    def __init__(self, paths: list[str]) -> None:
        self._above: list[tuple[int, str]] = []
        self._leaves: list[tuple[int, str]] = []
        numbers: dict[tuple[str, ...], int] = {(): 0}
        for path in paths:
            *above, leaf = path.split(".") if path else [""]
            for depth in range(1, len(above) + 1):
                keys = tuple(above[:depth])
                if keys not in numbers:
                    numbers[keys] = len(numbers)
                    self._above.append((numbers[keys[:-1]], keys[-1]))
            self._leaves.append((numbers[tuple(above)], leaf))

    def __call__(self, record: dict[str, Any]) -> list[Any]:
        """The values, in the order of the paths."""
        found = [record]
        for number, key in self._above:
            value = found[number].get(key)
            found.append(value if value.__class__ is dict else _NOTHING)
        return [found[number].get(key) for number, key in self._leaves]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one tool lays an event out; see the head of ``json_shapes.toml``."""

    name: str
    words: str
    marks: tuple[str, ...]
    lacks: str
    lacks_columns: tuple[str, ...] = ()
    form: Literal["plain", "xml", "text", "beside", "hayabusa"] = "plain"
    provider: tuple[str, ...] = ()
    guid: tuple[str, ...] = ()
    event_id: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    opcode: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    utc: tuple[str, ...] = ()
    record_id: tuple[str, ...] = ()
    activity_id: tuple[str, ...] = ()
    process_id: tuple[str, ...] = ()
    thread_id: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    computer: tuple[str, ...] = ()
    user_sid: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    owner: tuple[str, ...] = ()

    def fits(self, record: dict[str, Any]) -> bool:
        """Whether a record is of this shape."""
        return None not in _lookup(self.marks)(record)

    def parts(self, record: dict[str, Any]) -> list[Any] | None:
        """The values of ``PARTS``, and after them what lies where fields may lie; None for another shape's record."""
        lookup, others = _places(self.name)
        found = lookup(record)
        if None in found[-len(self.marks) :]:
            return None
        for number, other in others:
            if found[number] is None:
                found[number] = next((value for value in other(record) if value is not None), None)
        return found[: -len(self.marks)]


class _Hayabusa(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    channels: dict[str, tuple[str, str]]
    providers: dict[str, str]
    fields: dict[str, str]
    events: dict[str, dict[str, str]]


class _Unnamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    providers: frozenset[str]


class JsonShapes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``json_shapes.toml``."""

    wrappers: tuple[str, ...]
    shape: tuple[Shape, ...]
    unnamed: _Unnamed
    outcomes: dict[str, str]
    hayabusa: _Hayabusa


@cache
def json_shapes() -> JsonShapes:
    """Load the shapes once."""
    return load("json_shapes.toml", JsonShapes, "logonscope.readers")


def json_variants() -> tuple[Variant, ...]:
    """The shapes for the list of formats."""
    return tuple(Variant(shape.words, shape.lacks) for shape in json_shapes().shape)


@cache
def _lookup(paths: tuple[str, ...]) -> Lookup:
    return Lookup(list(paths))


@cache
def _places(name: str) -> tuple[Lookup, list[tuple[int, Lookup]]]:
    """What finds the parts, fields and marks of a shape, and what finds parts in their other places, by number."""
    shape = next(shape for shape in json_shapes().shape if shape.name == name)
    paths = [getattr(shape, part) for part in PARTS]
    others = [(number, Lookup(list(several[1:]))) for number, several in enumerate(paths) if len(several) > 1]
    first = [several[0] if several else "" for several in paths]
    return Lookup([*first, *shape.fields, *shape.marks]), others


class Shaped(NamedTuple):
    """A record whose shape is known."""

    shape: Shape
    record: dict[str, Any]
    """The record without what it is wrapped in."""
    parts: list[Any]
    """As ``Shape.parts`` gives them."""


class ShapeFinder:
    """Tells the shape of one record after the other: mostly that of the one before."""

    def __init__(self) -> None:
        self._last: Shape | None = None
        self._wrapper = ""

    def __call__(self, record: dict[str, Any]) -> Shaped | None:
        """The shape of a record, None for no known one."""
        if self._last is not None:
            inner = _unwrapped(record, self._wrapper)
            parts = self._last.parts(inner) if inner is not None else None
            if inner is not None and parts is not None:
                return Shaped(self._last, inner, parts)
        for wrapper in ("", *json_shapes().wrappers):
            inner = _unwrapped(record, wrapper)
            shape = next((shape for shape in json_shapes().shape if shape.fits(inner)), None) if inner else None
            if shape and inner:
                self._last, self._wrapper = shape, wrapper
                return Shaped(shape, inner, shape.parts(inner) or [])
        return None


def _unwrapped(record: dict[str, Any], wrapper: str) -> dict[str, Any] | None:
    if not wrapper:
        return _nested(record) if "winlog.channel" in record else record
    (inner,) = _lookup((wrapper,))(record)
    if isinstance(inner, str) and inner[:1] == "{":
        try:
            inner = _decode(inner)
        except _ERRORS:
            return None
    return _unwrapped(inner, "") if isinstance(inner, dict) else None


def _nested(record: dict[str, Any]) -> dict[str, Any]:
    """A record whose keys are paths (``winlog.event_id``), as objects in objects."""
    nested: dict[str, Any] = {}
    for path, value in record.items():
        *above, leaf = path.split(".")
        place = nested
        for key in above:
            place = place.setdefault(key, {})
            if not isinstance(place, dict):
                break
        else:
            place[leaf] = value
    return nested
