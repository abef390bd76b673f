"""Random but lawful histories of one or two machines, from hypothesis or from a seed, and how well they are rebuilt."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from logonscope.demo.flavour import CHANNELS, FLAVOURS, SECURITY, MachineSetup
from logonscope.demo.history import FAULTS, ORDINARY, PAUSES, Life, Step, live
from support.logs import write_machine
from support.scoring import Score, Truth, load, score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_NOTHING = "nothing"
_WAYS = 12
_MACHINES = ("WS01", "TS01")


@dataclass(frozen=True, slots=True)
class Kind:
    """What can happen in a history, and what is recorded of it."""

    actions: tuple[str, ...]
    audits_logoff: bool = True
    keeps_all: bool = True
    """Whether all channels are kept."""


_ALL_FAULTS = tuple(action for actions in FAULTS.values() for action in actions)
KINDS = {
    "no faults": Kind(ORDINARY),
    # Faults are drawn three times as often as any other action.
    **{name: Kind(ORDINARY + actions * 3) for name, actions in FAULTS.items()},
    "ends not audited": Kind((*ORDINARY, "crash"), audits_logoff=False),
    "channels missing": Kind((*ORDINARY, "crash"), keeps_all=False),
    "everything": Kind(ORDINARY + _ALL_FAULTS, keeps_all=False),
}
"""Histories by what makes them hard to tell."""


def lives(kind: Kind, steps: int) -> st.SearchStrategy[tuple[Life, ...]]:
    """Histories of one or two machines, by hypothesis.

    Args:
        kind: What can happen.
        steps: How many steps each has at most. Steps in which nothing happens are left out, which is how hypothesis
            makes a history shorter.
    """
    channels = st.just(CHANNELS) if kind.keeps_all else st.sets(st.sampled_from(sorted(CHANNELS)), min_size=1)
    setup = {
        "flavour": st.sampled_from(FLAVOURS),
        "audits_desktop": st.booleans(),
        "audits_logoff": st.just(kind.audits_logoff),
        "channels": channels.map(frozenset),
    }
    step = st.builds(
        Step, st.sampled_from((_NOTHING, *kind.actions)), st.integers(0, _WAYS - 1), st.sampled_from(PAUSES)
    )
    happened = st.lists(step, min_size=steps, max_size=steps).map(_without_nothing)
    return st.integers(1, len(_MACHINES)).flatmap(
        lambda count: st.tuples(
            *(
                st.builds(Life, st.builds(MachineSetup, name=st.just(name), **setup), happened)
                for name in _MACHINES[:count]
            )
        )
    )


def random_lives(kind: Kind, steps: int, random: Random) -> tuple[Life, ...]:
    """Histories of one or two machines, from a seeded generator. Arguments as `lives`."""
    return tuple(
        Life(
            MachineSetup(
                name,
                flavour=random.choice(FLAVOURS),
                audits_desktop=random.random() < 0.5,
                audits_logoff=kind.audits_logoff,
                channels=CHANNELS if kind.keeps_all else _some_channels(random),
            ),
            tuple(
                Step(random.choice(kind.actions), random.randrange(_WAYS), random.choice(PAUSES)) for _ in range(steps)
            ),
        )
        for name in _MACHINES[: random.choice((1, 1, 1, 2))]
    )


def judge(histories: Sequence[Life]) -> Score:
    """Live through histories, load the logs of all machines as one case, and compare."""
    machines = [live(life) for life in histories]
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder) / "logs"
        for machine in machines:
            write_machine(machine, logs)
        sessions = [session for machine in machines for session in machine.truth()]
        whole = [machine.setup.name for machine in machines if machine.is_whole]
        return score(load(logs, Path(folder)), Truth(sessions, whole))


def _without_nothing(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.action != _NOTHING)


def _some_channels(random: Random) -> frozenset[str]:
    some = frozenset(channel for channel in sorted(CHANNELS) if random.random() < 0.6)
    return some or frozenset({SECURITY})
