"""What is said of a list is what the query does: a list that a filter speaks of directly is not reached otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest

from logonscope.filters.compile import Target, compile_filter
from logonscope.filters.fields import FIELDS
from logonscope.filters.groups import groups
from logonscope.filters.lookup import Lookup
from logonscope.filters.reach import reach
from logonscope.filters.syntax import parse

LOOKUP = Lookup(
    {"computer": ["", "WS1"], "channel": ["", "Security"]}, machine_names={1: "WS1"}, log_end=datetime(2026, 3, 2)
)
DETOURS = {
    "event": "e.row IN",
    "session": "JOIN event e",
    "boot": "(b.machine, b.number) IN",
    "coverage": "c.machine IN (SELECT s.machine",
}
EXAMPLES = [field.example for field in FIELDS] + [f"is:{name}" for name in groups()]


@pytest.mark.parametrize("target", get_args(Target))
@pytest.mark.parametrize("text", EXAMPLES)
def test_a_detour_is_told(text: str, target: Target) -> None:
    node = parse(text)
    sql = compile_filter(node, target, LOOKUP).text
    # An address that only other records name leads to sessions too, besides their own.
    goes_round = DETOURS[target] in sql and not (target == "session" and text.startswith(("ip:", "from:")))
    assert goes_round == (sql != "false" and bool(reach(node, target)))
