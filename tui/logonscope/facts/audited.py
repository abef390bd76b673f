"""What a machine's Security log shows of its audit policy, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import sanitise
from logonscope.facts.explain import subcategory_facts
from logonscope.facts.machine import coverage_facts
from logonscope.knowledge.coverage import told_subcategories, unaudited_words
from logonscope.knowledge.notes import subcategory
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logonscope.model import CoverageMark

_NEVER = "never seen"


def audited_facts(machine: str, marks: Iterable[CoverageMark]) -> tuple[Fact, ...]:
    """Which audit subcategories seem on, by whether an event of them is there.

    Args:
        machine: The machine's name.
        marks: All marks of coverage of the case.

    Returns:
        Nothing where the machine has no Security log, or only a part of it was loaded.
    """
    own = [mark for mark in marks if mark.machine == machine and mark.channel.lower() == "security"]
    never = {mark.text for mark in own if mark.kind == _NEVER}
    if not any(mark.kind == "covered" for mark in own) or any(mark.kind == "left out" for mark in own):
        return ()
    seen = [name for name in told_subcategories() if name not in never]
    hidden = [f"{name} ({unaudited_words(name)})" for name in told_subcategories() if name in never]
    facts = [Fact(f"What {sanitise(machine)} seems to audit", heading=True)]
    facts.append(Fact(", ".join(seen) or "nothing of what is looked for", "Events of these are in its log"))
    if hidden:
        facts.append(Fact("; ".join(hidden), "Never seen"))
        facts.append(Fact("Never seen is not proof of being off: it may be that nothing of the kind happened."))
    return tuple(facts)


def explain_mark(mark: CoverageMark, marks: Iterable[CoverageMark]) -> tuple[Fact, ...]:
    """A mark of coverage, what its machine seems to audit, and how to turn on what was never seen.

    Args:
        mark: The mark.
        marks: All marks of coverage of the case.
    """
    return (*coverage_facts(mark), *audited_facts(mark.machine, marks), *_how_to(mark))


def _how_to(mark: CoverageMark) -> Iterator[Fact]:
    known = subcategory(mark.text) if mark.kind == _NEVER else None
    if known:
        yield from subcategory_facts(known)
