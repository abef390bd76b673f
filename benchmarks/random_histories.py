"""Precision and recall on random histories: random_histories.py [COUNT [FIRST_SEED]], or SEED KIND [NAME] for one.

Plays histories of simulated machines, rebuilds the sessions from their logs, and compares them with what happened. The
seeds of histories in which something is claimed that is not so are printed with the table; called with such a seed
and its kind in quotes, it takes away all that does not matter and prints the rest as Python.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from logonscope.demo.flavour import CHANNELS, FLAVOURS
from logonscope.demo.history import PAUSES
from support.histories import KINDS, judge, random_lives
from support.scoring import Score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.demo.history import Life

_STEPS = 60
_PROCESSES = 2
_COLUMNS = (
    "history",
    "histories",
    "true stays",
    "stays: precision",
    "recall",
    "others: precision",
    "recall",
    "starts in interval",
    "ends in interval",
    "told exactly",
    "durations in interval",
    "attachments right",
    "missing",
    "contradicted histories",
)


def histories(kind: str, seed: int) -> tuple[Life, ...]:
    """The histories of one seed."""
    return random_lives(KINDS[kind], _STEPS, Random(f"{kind} {seed}"))


def judged(task: tuple[str, int]) -> tuple[str, int, Score]:
    """Play and judge one history."""
    return *task, judge(histories(*task))


def main(count: int = 1000, first_seed: int = 0) -> None:
    """Print the table, then the seeds of all contradictions, by what is contradicted."""
    tasks = [(list(KINDS)[number % len(KINDS)], first_seed + number) for number in range(count)]
    scores = dict.fromkeys(KINDS, Score())
    played: Counter[str] = Counter()
    contradicted: Counter[str] = Counter()
    seeds: dict[tuple[str, str], list[int]] = defaultdict(list)
    with Pool(_PROCESSES) as pool:
        for kind, seed, score in pool.imap_unordered(judged, tasks, chunksize=4):
            scores[kind] += score
            played[kind] += 1
            contradicted[kind] += bool(score.contradictions)
            for name in {name for _, differences in score.contradictions for name in differences}:
                seeds[kind, name].append(seed)
    print(f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}")
    for kind, score in scores.items():
        print(row(kind, played[kind], score, contradicted[kind]))
    print(row("all", count, sum(scores.values(), Score()), sum(contradicted.values())))
    for (kind, name), wrong in sorted(seeds.items()):
        print(f"{kind}: {name}: {len(wrong)} histories, seeds {' '.join(map(str, sorted(wrong)[:12]))}")


def row(kind: str, played: int, score: Score, contradicted: int) -> str:
    """One line of the table."""
    shares = (
        score.share("stays found", "stays wrong"),
        score.share("stays found", "stays missed"),
        score.share("others found", "others wrong"),
        score.share("others found", "others missed"),
        score.share("starts in", "starts out"),
        score.share("ends in", "ends out"),
        score.share("ends exact", "ends ranged"),
        score.share("durations in", "durations out"),
        score.share("attachments right", "attachments wrong", "attachments missing"),
    )
    true = score.counts["stays found"] + score.counts["stays missed"]
    cells = [f"{100 * share:.2f} %" for share in shares]
    missing = str(score.counts["attachments missing"])
    return f"| {' | '.join([kind, str(played), str(true), *cells, missing, str(contradicted)])} |"


def smallest(kind: str, seed: int, name: str = "") -> None:
    """Print the history of a seed, without all that does not matter to a contradiction.

    Args:
        kind: Its kind.
        seed: The seed.
        name: What is contradicted, as the table names it; the first contradiction where it is not given.
    """
    lives = histories(kind, seed)
    found = judge(lives).contradictions
    if not found:
        print("nothing is contradicted")
        return
    wanted = {name} if name else set(found[0][1])
    while simpler := next((some for some in _simpler(lives) if _shows(some, wanted)), None):
        lives = simpler
    for life in lives:
        print(_code(life))
    for key, differences in judge(lives).contradictions:
        print(key, *(f"{name}: found {_said(was)}, true {is_}" for name, (was, is_) in differences.items()), sep="\n  ")


def _shows(lives: tuple[Life, ...], wanted: set[str]) -> bool:
    return any(wanted <= set(differences) for _, differences in judge(lives).contradictions)


def _simpler(lives: tuple[Life, ...]) -> Iterator[tuple[Life, ...]]:
    """Fewer machines, fewer steps (halves first, single ones last), plainer steps, a plainer machine."""
    if len(lives) > 1:
        yield from ((life,) for life in lives)
    for index, life in enumerate(lives):
        for other in (*_shorter(life), *_plainer(life)):
            yield (*lives[:index], other, *lives[index + 1 :])


def _shorter(life: Life) -> Iterator[Life]:
    size = len(life.steps) // 2
    while size:
        for start in range(0, len(life.steps), size):
            yield replace(life, steps=life.steps[:start] + life.steps[start + size :])
        size //= 2


def _plainer(life: Life) -> Iterator[Life]:
    for index, step in enumerate(life.steps):
        for plain in (replace(step, pause=PAUSES[0]), replace(step, way=0), replace(step, way=1)):
            if (plain.pause, plain.way) < (step.pause, step.way):
                yield replace(life, steps=(*life.steps[:index], plain, *life.steps[index + 1 :]))
    setup = life.setup
    flavours = FLAVOURS[: FLAVOURS.index(setup.flavour)]
    plain_setups = [replace(setup, flavour=flavour) for flavour in flavours]
    plain_setups += [replace(setup, audits_desktop=False), replace(setup, channels=CHANNELS)]
    yield from (replace(life, setup=plain) for plain in plain_setups if plain != setup)


def _code(life: Life) -> str:
    """A history as Python that plays it."""
    setup = life.setup
    flavour = setup.flavour.name.replace("Windows Server", "Server").upper().replace(" ", "_")
    options = [repr(setup.name), f"flavour={flavour}"]
    options += [f"{name}=True" for name in ("audits_desktop",) if setup.audits_desktop]
    options += [f"{name}=False" for name in ("audits_logoff",) if not setup.audits_logoff]
    if setup.channels != CHANNELS:
        options.append(f"channels=frozenset({sorted(setup.channels)})")
    steps = [f"    Step({step.action!r}, {step.way}, PAUSES[{PAUSES.index(step.pause)}])," for step in life.steps]
    return "\n".join([f"live(Life(MachineSetup({', '.join(options)}), (", *steps, ")))"])


def _said(value: object) -> str:
    """What was found, the times of an interval written out."""
    return " .. ".join(map(str, value)) if isinstance(value, tuple) else str(value)


if __name__ == "__main__":
    if sys.argv[2:] and not sys.argv[2].isdigit():
        smallest(sys.argv[2], int(sys.argv[1]), *sys.argv[3:])
    else:
        main(*map(int, sys.argv[1:]))
