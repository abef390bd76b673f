"""Single values out of the EventData that the store keeps as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any


def fields_of(event_data: str | None) -> dict[str, Any]:
    """EventData by field name; empty where it is no object."""
    try:
        fields = json.loads(event_data or "{}")
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def time_field(event_data: str | None, name: str) -> datetime | None:
    """A FILETIME field as naive UTC; None where it is missing or no time."""
    try:
        return datetime.fromisoformat(fields_of(event_data)[name]).replace(tzinfo=None)
    except (KeyError, TypeError, ValueError):
        return None
