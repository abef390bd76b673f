"""Random but lawful lives of a machine, each choice drawn by hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from logonscope.demo.flavour import CHANNELS, SECURITY
from logonscope.demo.history import live_through
from logonscope.demo.simulator import Machine
from logonscope.demo.truth import Account
from support.logs import ALICE, SID

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logonscope.demo.flavour import MachineSetup

ACCOUNTS = (
    ALICE,
    Account("bob ", "ALDER", f"{SID}-1105", admin=True),
    Account("Administrator", "ALDER", f"{SID}-500", admin=True),
)
BEGIN = datetime(2026, 3, 2, 7, tzinfo=UTC)

channels = st.sets(st.sampled_from(sorted(CHANNELS))).map(lambda some: frozenset({SECURITY, *some}))
"""Which channels a machine writes: Security always."""


def lived(setup: MachineSetup, choices: st.DataObject, steps: int, without: Collection[str]) -> Machine:
    """A machine that has lived for some steps, without some actions."""
    machine = Machine(setup)

    def choose(options: Sequence[Any]) -> Any:
        return options[choices.draw(st.integers(0, len(options) - 1))]

    live_through(machine, ACCOUNTS, BEGIN, steps, choose, without)
    return machine
