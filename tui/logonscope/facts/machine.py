"""A boot, or a mark of what the logs cover and lack, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import boot_lasted
from logonscope.display import duration_range_text, hex_id, plural, sanitise, time_text
from logonscope.knowledge.boots import boot_story
from logonscope.knowledge.coverage import amount_text, mark_kinds, mark_sentence, unaudited_words
from logonscope.model import Fact

if TYPE_CHECKING:
    from logonscope.model import Boot, CoverageMark

_REUSED = (
    "Other boots of this machine gave the same IDs to other sessions. A logon ID is unique only within one boot:"
    " pairing these records by ID alone would join two different sessions."
)


def boot_facts(boot: Boot) -> tuple[Fact, ...]:
    """A boot: how it began and ended, what began in it, and the logon IDs that other boots gave out too."""
    facts = [Fact(f"{sanitise(boot.machine)}, boot {boot.number}", heading=True)]
    facts += [Fact(sentence) for sentence in boot_story(boot)]
    if boot.end is not None and not boot.end_is_exact:
        facts.append(Fact("That is when the stop was asked for; the stop itself came at or after it."))
    facts += [
        Fact("Facts", heading=True),
        Fact(time_text(boot.start), "Started", boot.start_evidence),
        Fact(time_text(boot.kernel_start), "Kernel start (activity IDs, or System 12)"),
        Fact(time_text(boot.last_record), "Last record"),
        Fact(time_text(boot.next_start), "Next start"),
        Fact(duration_range_text(*boot_lasted(boot)), "Lasted"),
        Fact(f"{plural(boot.stays, 'stay')} of people, {plural(boot.sessions, 'session')} in all", "Began in it"),
    ]
    if boot.number == 0:
        facts.append(Fact("Boot 0 lies before the first start that the log shows."))
    if boot.reused_ids:
        facts.append(Fact(f"Logon IDs used again ({len(boot.reused_ids)})", heading=True))
        facts.append(Fact(", ".join(map(hex_id, boot.reused_ids))))
        facts.append(Fact(_REUSED))
    return tuple(facts)


def coverage_facts(mark: CoverageMark) -> tuple[Fact, ...]:
    """A mark of coverage: what it says, and what follows from it."""
    kind = mark_kinds()[mark.kind]
    facts = [
        Fact(f"{sanitise(mark.machine) or 'Files'}: {kind.shown}", heading=True),
        Fact(mark_sentence(mark)),
    ]
    if kind.so:
        facts.append(Fact(kind.so))
    if mark.kind == "never seen" and (hidden := unaudited_words(mark.text)):
        facts.append(Fact(f"So these logs cannot show {hidden}."))
    facts += [
        Fact("Facts", heading=True),
        Fact(sanitise(mark.machine) or "-", "Machine"),
        Fact(sanitise(mark.channel) or "-", "Channel"),
        Fact(time_text(mark.since), "From"),
        Fact(time_text(mark.until), "Until"),
        Fact(amount_text(mark) or "-", "Amount"),
        Fact(sanitise(mark.text) or "-", "About"),
    ]
    return tuple(facts)
