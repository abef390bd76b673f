"""Values that a filter may name, but that nothing in the case is called: most often a slip of the fingers."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from logonscope.errors import FilterError
from logonscope.filters.fields import FIELD_NAMES, FieldKind
from logonscope.filters.match import account_matcher, address_matcher, text_matcher
from logonscope.filters.names import nearest
from logonscope.filters.quotes import quoted
from logonscope.filters.terms import And, Node, Not, Or, Term, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logonscope.filters.lookup import Lookup

_MOST_COMPARED = 5_000
"""Comparing with so many names takes a few tenths of a second."""


def doubts(node: Node, lookup: Lookup) -> Iterator[FilterError]:
    """What is said of values that fit nothing: errors with a place, to be shown and not to be raised.

    Args:
        node: A filter that compiles.
        lookup: The case's texts and names.
    """
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from doubts(part, lookup)
        case Not(part):
            yield from doubts(part, lookup)
        case Term(name, values):
            field = FIELD_NAMES[name]
            for value in values:
                names = _names(field.kind, field.column, value, lookup)
                if names is not None:
                    message = f"{field.words} {value.text} does not occur"
                    yield FilterError(message, value.start, value.stop, _advice(field.name, value, names))


def _advice(field: str, value: Value, names: list[str]) -> str:
    typed = value.text.casefold()
    is_plain = not value.quoted and "*" not in typed
    holding = {name.casefold(): name for name in names if typed in name.casefold()} if is_plain else {}
    if not holding:
        return nearest(value.text, names)
    advice = f"Did you mean {quoted(min(holding.values(), key=len))}?"
    return advice if len(holding) == 1 else f"{advice} {field}:*{value.text}* finds all {len(holding)} that hold it."


def _names(kind: FieldKind, column: str, value: Value, lookup: Lookup) -> list[str] | None:
    """The names that a value could have been; None where it fits one, or is of no kind that has names."""
    match kind:
        case "account":
            if lookup.account_codes(account_matcher(value)):
                return None
            with_domain = "\\" in value.text
            return _some(f"{domain}\\{name}" if with_domain else name for _, name, domain in lookup.accounts)
        case "text":
            return None if lookup.codes(column, text_matcher(value)) else _some(lookup.texts.get(column, ()))
        case "address":
            addresses = lookup.texts.get("source_ip", ())
            return None if lookup.codes("source_ip", address_matcher(value)) else _some(addresses)
        case "source":
            if lookup.codes("source_ip", address_matcher(value)) or lookup.codes("workstation", text_matcher(value)):
                return None
            return _some([*lookup.texts.get("workstation", ()), *lookup.texts.get("source_ip", ())])
        case "machine":
            fits = text_matcher(value)
            machines = [*lookup.machine_names.values(), *lookup.texts.get("computer", ())]
            labels = [name.partition(".")[0] for name in machines]
            return None if any(fits([*machines, *labels])) else _some([*labels, *machines])
        case _:
            return None


def _some(names: Iterable[str]) -> list[str]:
    return list(islice((name for name in names if name), _MOST_COMPARED))
