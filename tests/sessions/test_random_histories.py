"""Machines that live through random but lawful histories: nothing that is rebuilt from their logs is wrong.

What is rebuilt may say that it does not know. It may not say what is not so: a session that never was, a start, an end
or a duration outside of where it is said to lie, a logon folded into a session that it did not serve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.histories import KINDS, judge, lives

if TYPE_CHECKING:
    from logonscope.demo.history import Life

STEPS = 40
# The same histories every time: a new one that fails is for a developer's own longer run to find.
same = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", KINDS)
@settings(same, max_examples=6)
@given(st.data())
def test_nothing_is_claimed_that_is_not_so(kind: str, data: st.DataObject) -> None:
    histories: tuple[Life, ...] = data.draw(lives(KINDS[kind], STEPS))
    assert judge(histories).contradictions == []
