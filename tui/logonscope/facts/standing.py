"""What else a case knows of an event or a logon type, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.case.tally import MOST_NAMED
from logonscope.display import duration_text, microseconds, plural, sanitise, time_text
from logonscope.knowledge.catalogue import event_kinds, provider_short
from logonscope.knowledge.codes import failure_status, status_text
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import logon_type_text
from logonscope.knowledge.words import plain_words
from logonscope.model import Fact
from logonscope.sessions.story import story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.standing import Beside, Standing
    from logonscope.case.tally import Ranked, Tally
    from logonscope.case.type_standing import TypeStanding
    from logonscope.model import Event

_ENDS = 5


def standing_facts(standing: Standing) -> tuple[Fact, ...]:
    """What in this row and in the case supports or weakens what an event seems to say, sanitised."""
    return (
        Fact("In this case", heading=True),
        *(Fact(tally_text(tally), _alike(name, standing.event)) for name, tally in standing.tallies),
        *(_privilege(*privilege) for privilege in standing.privileges),
        *_token(standing.event),
        *_session(standing),
        *_neighbours(standing),
    )


def type_standing_facts(standing: TypeStanding) -> tuple[Fact, ...]:
    """How often a logon type occurs in the case, by whom, from where, and how such sessions ended."""
    ends = [f"{count:,} {end_kinds()[evidence].shown} ({evidence})" for evidence, count in standing.ends[:_ENDS]]
    facts = [
        Fact("In this case", heading=True),
        Fact(tally_text(standing.logons), "Logons"),
        Fact(tally_text(standing.refusals), "Refused"),
    ]
    if standing.sessions:
        rights = f"{standing.privileged:,} of {plural(standing.sessions, 'session')}"
        facts += [Fact(rights, "With administrator rights"), Fact(", ".join(ends), "How they ended")]
    return tuple(facts)


def tally_text(tally: Tally) -> str:
    """How often, when, by whom, from where, on which machines."""
    if not tally.times:
        return "none"
    told = [f"{plural(tally.times, 'time')}, {time_text(tally.first)} to {time_text(tally.last)}"]
    for words, ranked, count in (
        ("of", tally.users, tally.user_count),
        ("from", tally.sources, tally.source_count),
        ("on", tally.machines, tally.machine_count),
    ):
        if ranked:
            told.append(f"{words} {_named(ranked, count)}")
    return "; ".join(told)


def _named(ranked: Ranked, count: int) -> str:
    more = f" and {count - MOST_NAMED:,} more" if count > MOST_NAMED else ""
    return ", ".join(f"{sanitise(name)} ({times:,})" for name, times in ranked) + more


def _alike(name: str, event: Event) -> str:
    if name == "event":
        return f"{provider_short(event.provider)} {event.event_id}"
    if name == "status":
        kind = event_kinds().get((event.provider, event.event_id))
        return f"With status {status_text(failure_status(event.status, event.sub_status), kind.status if kind else '')}"
    if name == "logon type":
        return f"By {logon_type_text(event.logon_type)}"
    return f"Of {sanitise(event.account.label)}" if name == "user" else f"From {sanitise(event.source_text)}"


def _privilege(name: str, times: int, accounts: int) -> Fact:
    return Fact(f"given {plural(times, 'time')}, to {plural(accounts, 'account')}", sanitise(name))


def _token(event: Event) -> Iterator[Fact]:
    if event.elevated is not None:
        twin = " (the other token of the same logon has its own 4624)" if event.linked_logon_id else ""
        yield Fact(("yes" if event.elevated else "no, a limited one") + twin, "Elevated token")


def _session(standing: Standing) -> Iterator[Fact]:
    session = standing.session
    if session is None:
        yield Fact("none of a user is known for this record", "Its session")
    else:
        yield Fact(" ".join(story(session)[:2]), f"Its session {sanitise(session.key)}")


def _neighbours(standing: Standing) -> Iterator[Fact]:
    told = [fact for beside in standing.beside for fact in _neighbour(standing.event, beside)]
    if told:
        yield Fact("Beside it", heading=True)
        yield from told


def _neighbour(event: Event, beside: Beside) -> Iterator[Fact]:
    entry, nearest = beside.entry, beside.nearest
    looked_for = " or ".join(map(str, entry.look))
    if nearest is not None and event.time is not None and nearest.time is not None:
        away = microseconds(nearest.time - event.time)
        when = "at the same time" if not away else f"{_length(abs(away))} {'later' if away > 0 else 'earlier'}"
        more = f", {beside.times:,} in all" if beside.times > 1 else ""
        where = f" on {sanitise(nearest.machine)}" if nearest.machine != event.machine else ""
        said = f"{plain_words(nearest, short=True)}{where}, {when} (record {nearest.record_id}{more})"
        yield Fact(f"{said}: {entry.found}.", f"+ {nearest.event_id}")
    elif not beside.is_known_at_all:
        whose = "any loaded machine" if entry.by == "user" else "this machine"
        yield Fact(f"the logs of {whose} hold none at all, so its lack says nothing", f"? {looked_for}")
    elif entry.missing:
        span = f"within {_window(entry.before, entry.after)}"
        yield Fact(f"none {span}: {entry.missing}, if the logs have no gap there.", f"- {looked_for}")


def _length(length: int) -> str:
    return f"{length / 1_000_000:.2g} s" if length < 1_000_000 else duration_text(length)


def _window(before: int, after: int) -> str:
    told = [f"{duration_text(before * 1_000_000)} before"] if before else []
    told += [f"{duration_text(after * 1_000_000)} after"] if after else []
    return " and ".join(told)
