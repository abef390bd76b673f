"""The columns of what is exported: names, kinds, and what each means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec
import pyarrow as pa
from msgspec import structs

from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from logonscope.filters.compile import Target

Row = TypeVar("Row")
Kind = Literal[
    "text", "texts", "number", "numbers", "id", "hex", "hexes", "flag", "time", "exact time", "tick", "length", "fields"
]
"""Times are UTC; ``exact time`` takes its last digit from the column ``tick``, which is left out of forms of text.
``length`` is in seconds; ``id`` and ``hex`` have 64 bits without a sign; ``fields`` are JSON."""

_TIME = pa.timestamp("us", tz="UTC")
TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "number": pa.int64(),
    "numbers": pa.list_(pa.int64()),
    "id": pa.uint64(),
    "hex": pa.uint64(),
    "hexes": pa.list_(pa.uint64()),
    "flag": pa.bool_(),
    "time": _TIME,
    "exact time": _TIME,
    "tick": pa.uint8(),
    "length": pa.float64(),
    "fields": pa.string(),
}
"""The Arrow type of each kind."""
SHOWN: dict[Kind, str] = {
    "text": "text",
    "texts": "texts",
    "number": "number",
    "numbers": "numbers",
    "id": "number",
    "hex": "0x number",
    "hexes": "0x numbers",
    "flag": "true or false",
    "time": "time, UTC",
    "exact time": "time, UTC",
    "tick": "number",
    "length": "seconds",
    "fields": "JSON",
}
"""What a kind is called where columns are explained."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column."""

    name: str
    kind: Kind
    means: str


@dataclass(frozen=True, slots=True)
class RowField(Field, Generic[Row]):
    """A column of rows that are no table of the store."""

    value: Callable[[Row], Any]
    """Of a ``length`` microseconds, of a time naive UTC."""


def plain_fields(fields: Sequence[RowField[Any]]) -> tuple[Field, ...]:
    """The columns without what fills them."""
    return tuple(Field(field.name, field.kind, field.means) for field in fields)


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a row makes a line of a timeline."""

    time: str
    """A column."""
    desc: str
    """What time that is."""
    message: str
    """A template of ``knowledge.words.fill`` whose fields are columns."""


class StoredColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column that SQL gives; the fields are explained at the head of ``columns/events.toml``."""

    name: str
    kind: Kind
    sql: str
    means: str
    dim: str = ""
    """The dim, or part of it, that the texts are looked up in; empty where the SQL gives the values."""
    extra: bool = False
    """Only where it is asked for."""


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of ``columns/``."""

    source: str
    cited: str
    """The alias of the record that each row cites."""
    column: list[StoredColumn]
    moment: list[Moment]
    told_by: list[str] = []

    def with_extras(self, names: Collection[str]) -> Listing:
        """The same with only those of the extra columns that are asked for."""
        return structs.replace(
            self, column=[column for column in self.column if not column.extra or column.name in names]
        )  # fmt: skip

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns, in order."""
        return tuple(Field(column.name, column.kind, column.means) for column in self.column)


FILES: dict[Target, str] = {"event": "events", "session": "sessions", "boot": "boots", "coverage": "coverage"}
"""The file of each target, without its ending."""


@cache
def listing(target: Target) -> Listing:
    """The columns of one kind of row of the store.

    Raises:
        KnowledgeError: The file is wrong.
    """
    return load(f"{FILES[target]}.toml", Listing, "logonscope.export.columns")
