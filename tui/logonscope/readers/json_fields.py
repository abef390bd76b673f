"""EventData as each tool writes it in JSON -> names and values as Windows has them."""

from __future__ import annotations

import re
from typing import Any

from logonscope.readers.json_shapes import Shape, json_shapes
from logonscope.readers.messages import message_fields
from logonscope.readers.payload import event_data_fields, payload_fields, user_data_fields

Fields = dict[str, Any]
_PARAM = re.compile(r"param(\d+)\Z")
_NO_FIELD = ("xmlns", "xml_name", "#attributes")
_LONGEST_MESSAGE = 1 << 16


def fields_of(shape: Shape, record: Fields, places: list[Any], provider: str | None) -> Fields | None:
    """The fields of a record.

    Args:
        shape: Its shape.
        record: The record, unwrapped.
        places: What lies where its fields may lie.
        provider: Its provider.

    Returns:
        Names and values of EventData, or of what is inside UserData; None where there is neither.
    """
    match shape.form:
        case "beside":
            return _beside(shape, record, provider)
        case "hayabusa":
            return _of_hayabusa(record)
    for number, found in enumerate(places):
        if shape.form == "text":
            found = _payload(found)
        elif shape.form == "xml":
            found = event_data_fields(found) if not number else user_data_fields(found)
        elif number:
            found = _inside(found)
        if found is not None:
            return _unnamed(found, provider)
    return None


def _unnamed(found: Any, provider: str | None) -> Fields:
    """Values that have no names, where a tool made names for them."""
    if not isinstance(found, dict):
        return {"Data": {"#text": found}}
    if provider in json_shapes().unnamed.providers:
        numbers = {int(match[1]): value for name, value in found.items() if (match := _PARAM.match(name))}
        if numbers:
            data = [numbers.get(number, "") for number in range(1, max(numbers) + 1)] if max(numbers) < 100 else []
            return {"Data": {"#text": data}} | {name: value for name, value in found.items() if not _PARAM.match(name)}
    return found


def _inside(user_data: Any) -> Any:
    """What is inside of UserData: in one element of the provider's own name, or right there."""
    if not isinstance(user_data, dict):
        return user_data
    own = {name: value for name, value in user_data.items() if not _is_no_field(name)}
    only = next(iter(own.values())) if len(own) == 1 else None
    return _inside(only) if isinstance(only, dict) else own


def _is_no_field(name: str) -> bool:
    return name in _NO_FIELD or name[:1] == "@" or name.endswith("_attributes")


def _payload(text: Any) -> Any:
    """EvtxECmd's Payload: EventData or UserData as JSON in a text."""
    try:
        return payload_fields(text) if isinstance(text, str) and text else None
    except ValueError:
        return {"Payload": text}


def _beside(shape: Shape, record: Fields, provider: str | None) -> Fields | None:
    """Fields that lie beside everything else."""
    without = shape.known
    # Where the collector names the record's own user, these two are its; else they are fields of the event.
    if shape.owner and "AccountType" in record:
        without = without.union(shape.owner)
    found = {name: value for name, value in record.items() if name not in without and name[:1] != "_"}
    message, event_id = record.get("Message"), record.get("EventID")
    if not found and provider and isinstance(message, str) and isinstance(event_id, int):
        found = dict(message_fields(provider, event_id, message[:_LONGEST_MESSAGE]).fields)
    return _unnamed(found, provider) if found else None


def _of_hayabusa(record: Fields) -> Fields:
    """Details, which each rule names in its own way, and ExtraFieldInfo, which has the names of Windows."""
    names = json_shapes().hayabusa
    event = f"{record.get('Channel')} {record.get('EventID')}"
    own = names.events.get(event, {})
    fields: Fields = {}
    for name, value in _details(record.get("Details")).items():
        usual = own.get(name) or names.fields.get(name)
        fields[usual or name] = _number_before_words(value) if usual == "LogonType" else value
    return fields | _details(record.get("ExtraFieldInfo"))


def _details(found: Any) -> Fields:
    if isinstance(found, str):
        pairs = (part.partition(": ") for part in found.split(" ¦ "))
        return {name.strip(): value.strip() for name, colon, value in pairs if colon}
    return found if isinstance(found, dict) else {}


def _number_before_words(value: Any) -> Any:
    """``3 - NETWORK`` is 3."""
    return value.partition(" - ")[0] if isinstance(value, str) else value
