"""EventData and UserData of a parsed event, in the shape of the Rust ``evtx`` parser."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def element_fields(event_data: Element | None, user_data: Element | None) -> dict[str, Any] | None:
    """Fields by name.

    Args:
        event_data: The EventData element.
        user_data: The UserData element; its fields lie in one element of the provider's own name.

    Returns:
        The fields; unnamed texts of a classic event under ``Data``. None where there are none.

    Raises:
        RecursionError: They are nested too deeply.
    """
    if event_data is not None:
        return _named(event_data) or None
    inner = next(iter(user_data), None) if user_data is not None else None
    if inner is None:
        return None
    found = _value(inner)
    return found if isinstance(found, dict) else {"#text": found} if found.strip() else None


def _named(event_data: Element) -> dict[str, Any]:
    unnamed = [part.text or "" for part in event_data if _is_unnamed(part)]
    named = _unique((part.get("Name") or local(part), part) for part in event_data if not _is_unnamed(part))
    return {"Data": {"#text": unnamed[0] if len(unnamed) == 1 else unnamed}, **named} if unnamed else named


def _is_unnamed(part: Element) -> bool:
    return local(part) == "Data" and part.get("Name") is None


def _value(element: Element) -> Any:
    return _unique((local(part), part) for part in element) if len(element) else element.text or ""


def _unique(parts: Iterable[tuple[str, Element]]) -> dict[str, Any]:
    """Values by name; a name that comes again gets a number: ``name_1``."""
    fields: dict[str, Any] = {}
    met: Counter[str] = Counter()
    for name, part in parts:
        fields[f"{name}_{met[name]}" if met[name] else name] = _value(part)
        met[name] += 1
    return fields
