"""What salvage takes for an event: damage may put anything in the place of a time or a provider."""

from __future__ import annotations

import json
from typing import Any

import pytest

from logonscope.readers.evtx_rebuild import is_event

TIME = "2026-03-02T09:30:00Z"


@pytest.mark.parametrize(
    ("provider", "time", "is_one"),
    [
        ({"Name": "P"}, TIME, True),
        ({"Guid": "{0}"}, TIME, True),
        ({"Name": "P"}, 5, False),
        ({"Name": "P"}, [TIME], False),
        ({}, TIME, False),
        ("P", TIME, False),
        (None, TIME, False),
    ],
)
def test_an_event_has_a_provider_and_a_time(provider: Any, time: Any, is_one: bool) -> None:
    system = {
        "EventID": 4624,
        "Provider": {"#attributes": provider},
        "TimeCreated": {"#attributes": {"SystemTime": time}},
    }
    assert is_event(json.dumps({"Event": {"System": system}})) is is_one
