"""The ``Payload`` of EvtxECmd: EventData or UserData as JSON made from XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

_ERRORS = (msgspec.DecodeError, RecursionError)


class _Datum(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    name: str = msgspec.field(name="@Name")
    text: str = msgspec.field(name="#text", default="")


class _EventData(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    data: list[_Datum] = msgspec.field(name="Data")


class _Usual(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """Nearly every Payload: named texts in EventData."""

    event_data: _EventData = msgspec.field(name="EventData")


_decode_usual = msgspec.json.Decoder(_Usual).decode


def payload_fields(text: str) -> dict[str, Any] | None:
    """Fields by name.

    Args:
        text: ``{"EventData":{"Data":[{"@Name":"LogonType","#text":"3"}]}}`` or the like.

    Returns:
        The fields, None where there are none.

    Raises:
        ValueError: It is no such JSON.
    """
    try:
        usual = _decode_usual(text).event_data.data
    except _ERRORS:
        return _any_payload_fields(text)
    fields = {datum.name: datum.text for datum in usual}
    # Of a name that comes twice the first counts.
    return fields or None if len(fields) == len(usual) else _any_payload_fields(text)


def _any_payload_fields(text: str) -> dict[str, Any] | None:
    try:
        payload = msgspec.json.decode(text)
        event_data, user_data = payload.get("EventData"), payload.get("UserData")
    except (*_ERRORS, AttributeError) as error:
        raise ValueError("the Payload is not JSON as EvtxECmd writes it") from error
    return event_data_fields(event_data) if isinstance(event_data, dict) else user_data_fields(user_data)


def event_data_fields(event_data: Any) -> dict[str, Any] | None:
    """Fields by name of EventData as XML turned into JSON; None where there are none."""
    return (_named(event_data) or None) if isinstance(event_data, dict) else None


def user_data_fields(user_data: Any) -> dict[str, Any] | None:
    """The same of UserData."""
    inner = next((value for name, value in _items(user_data) if name[:1] != "@"), None)
    return {name: _value(value) for name, value in _items(inner) if name[:1] != "@"} or None


def _items(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else ()


def _named(event_data: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    data = event_data.get("Data")
    unnamed: list[Any] = []
    for part in data if isinstance(data, list) else [] if data is None else [data]:
        name = part.get("@Name") if part.__class__ is dict else None
        if name.__class__ is not str:
            unnamed.append(_value(part))
        elif name not in fields:
            fields[name] = part.get("#text", "")
    if unnamed:
        fields["Data"] = {"#text": unnamed if len(unnamed) > 1 else unnamed[0]}
    for name, value in event_data.items():
        if name != "Data" and name[:1] != "@":
            fields[name] = _value(value)
    return fields


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {name: _value(part) for name, part in value.items() if name[:1] != "@"}
        return inner.get("#text") if inner.keys() == {"#text"} else inner
    return value
