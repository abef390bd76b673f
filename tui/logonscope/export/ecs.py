"""Events in the Elastic Common Schema by the names of winlogbeat, as JSON lines (``ecs.toml``)."""

from __future__ import annotations

import json
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from logonscope.export.filling import distinct_texts
from logonscope.export.plain import json_values
from logonscope.export.writers import shown_columns, write_texts
from logonscope.knowledge.logon_types import logon_types
from logonscope.knowledge.toml_file import load
from logonscope.knowledge.words import program_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.export.rows import Rows

_SECURITY = "Microsoft-Windows-Security-Auditing"


class EcsNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``ecs.toml``; the tables are explained at its head."""

    columns: dict[str, str]
    numbers: dict[str, str]
    made: dict[str, str]
    constants: dict[str, str]
    logons: dict[str, tuple[str, str]]
    """By event ID."""


@cache
def ecs_names() -> EcsNames:
    """The names.

    Raises:
        KnowledgeError: The file is wrong.
    """
    return load("ecs.toml", EcsNames, "logonscope.export")


def write_ecs(rows: Rows, out: BinaryIO) -> None:
    """Write one ECS document a line, in ASCII.

    Args:
        rows: Events.
        out: Where to write.
    """
    for batch in rows.batches:
        values = {name: json_values(kind, column) for (name, kind), column in shown_columns(rows.fields, batch).items()}
        write_texts(pc.binary_join_element_wise(_object(_tree(_documents(batch, values))), "\n", ""), out)


def _documents(batch: pa.RecordBatch, values: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """The JSON of each field of the documents, by its name with dots."""
    names = ecs_names()
    found = {name: values[column] for name, column in names.columns.items()}
    for name, column in names.numbers.items():
        found[name] = pc.binary_join_element_wise('"', values[column], '"', "")
    for name, made in names.made.items():
        found[name] = _MADE[made](batch)
    for name, text in names.constants.items():
        found[name] = pa.repeat(json.dumps(text), batch.num_rows)
    return found


def _of(columns: tuple[str, ...], tell: Callable[..., Any]) -> Callable[[pa.RecordBatch], pa.Array]:
    """Make a field of some columns; what is told as None is left out."""

    def made(batch: pa.RecordBatch) -> pa.Array:
        def dumped(row: tuple[Any, ...]) -> str:
            told = tell(*row)
            return "" if told is None else json.dumps(told)

        return distinct_texts([batch.column(name) for name in columns], dumped)

    return made


def _logon(place: int | None) -> Callable[[str | None, int], Any]:
    """What is said of a logon: a part of its entry, or its category."""

    def tell(provider: str | None, event_id: int) -> Any:
        entry = ecs_names().logons.get(str(event_id)) if provider == _SECURITY else None
        return entry and (["authentication"] if place is None else [entry[0]] if place == 0 else entry[1])

    return tell


def _address(text: str | None) -> str | None:
    """Elasticsearch refuses a document whose address is none."""
    try:
        return None if text is None else str(ip_address(text.partition("%")[0]))
    except ValueError:
        return None


def _logon_type(number: int | None) -> str | None:
    known = logon_types().get(number) if number is not None else None
    return known.name if known else None


_MADE: dict[str, Callable[[pa.RecordBatch], pa.Array]] = {
    "action": _of(("provider", "event"), _logon(1)),
    "category": _of(("provider", "event"), _logon(None)),
    "type": _of(("provider", "event"), _logon(0)),
    "program": _of(("process",), lambda path: path and program_name(path)),
    "address": _of(("source_ip",), _address),
    "logon type": _of(("logon_type",), _logon_type),
}


def _tree(found: dict[str, pa.Array]) -> dict[str, Any]:
    """Names with dots as objects in objects."""
    tree: dict[str, Any] = {}
    for name, column in sorted(found.items()):
        *outer, last = name.split(".")
        place = tree
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = column
    return tree


def _object(tree: dict[str, Any]) -> pa.Array:
    """The JSON of an object a row, without the members that are null; null where nothing is left."""
    members = []
    for name, value in tree.items():
        inner = _object(value) if isinstance(value, dict) else value
        members.append(pc.fill_null(pc.binary_join_element_wise(f"{json.dumps(name)}: ", inner, ", ", ""), ""))
    joined = pc.ascii_rtrim(pc.binary_join_element_wise(*members, ""), characters=", ")
    return pc.binary_join_element_wise("{", pc.if_else(pc.equal(joined, ""), None, joined), "}", "")
