"""A session told in sentences: how it began and ended, how we know, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import duration_text, hex_id, microseconds, plural, sanitise, time_text
from logonscope.knowledge.ends import end_kinds, flag_sentences, start_sentences
from logonscope.knowledge.logon_types import logon_types

if TYPE_CHECKING:
    from logonscope.model import Session

GRADES = {
    "A": "seen",
    "B": "asked for, or seen in another log only",
    "C": "bounded by a clean stop, or by the session it belongs to",
    "D": "only known to lie in a range",
    "-": "still on when the log ends",
    "T": "began before the log",
}
"""What each grade of a session's end means, the surest first."""


def story(session: Session) -> list[str]:
    """Tell a session.

    Args:
        session: Any session.

    Returns:
        Sentences, sanitised, in the order to read them.
    """
    told = [_who(session), _start(session), _end(session), _length(session)]
    told += [_presence(session), _visit(session) if session.role == "visit" else _tokens(session)]
    told += [flag_sentences()[flag] for flag in session.flags if flag in flag_sentences() and flag != "truncated"]
    return [sentence for sentence in told if sentence]


def _who(session: Session) -> str:
    known = logon_types().get(session.logon_type) if session.logon_type is not None else None
    how = known.phrase if known else "in a way that the log does not say"
    source = sanitise(session.source_text)
    where = f" from {source}" if source and known and known.remote else ""
    rights = " With administrator rights." if session.privileged else ""
    kind = " (Windows' own setup account)" if session.account_kind == "setup" else ""
    return f"{sanitise(session.account.label)}{kind} on {sanitise(session.machine)} {how}{where}.{rights}"


def _start(session: Session) -> str:
    sentence = start_sentences()[session.start_evidence]
    told = sentence.format(start=time_text(session.start), latest=time_text(session.start_latest))
    if session.start is None and session.start_earliest:
        told += f" That boot began at {time_text(session.start_earliest)}."
    return told


def _end(session: Session) -> str:
    kind = end_kinds()[session.end_evidence]
    after = ""
    if session.destroyed and session.end:
        after = duration_text(microseconds(session.destroyed - session.end))
    told = kind.sentence.format(
        end=time_text(session.end),
        destroyed_after=after,
        earliest=time_text(session.end_earliest),
        latest=time_text(session.end_latest) if session.end_latest else "a time that is not known",
    )
    return f"{told} Grade {session.grade}: {grade_words(session)}."


def grade_words(session: Session) -> str:
    """What the grade of a session's end means."""
    return GRADES[session.grade]


def _length(session: Session) -> str:
    least, most = session.duration_least, session.duration_most
    if least is None:
        return f"It lasted at most {duration_text(most)}." if most is not None else ""
    if least == most:
        told = f"It lasted {duration_text(least)}"
    elif most is None:
        told = f"It lasted at least {duration_text(least)}"
    else:
        told = f"It lasted between {duration_text(least)} and {duration_text(most)}"
    if "clock-adjusted" in session.flags:
        told += f" of the machine running; {duration_text(session.span)} by the clock, which was set meanwhile"
    return told + "."


def _presence(session: Session) -> str:
    if session.logon_class != "stay" or session.role != "session":
        return ""
    if not session.presence:
        return "Locks and disconnects are not audited here: how much of it somebody was there is unknown."
    missing = "" if session.sees_locks else " Locks are not audited here."
    if session.active is None or session.duration is None:
        return missing.strip()
    there = "Connected and not locked" if session.sees_locks else "Connected"
    away = duration_text(session.duration - session.active)
    return f"{there} for {duration_text(session.active)}, away for {away}.{missing}"


def _visit(session: Session) -> str:
    contacts = plural(session.attached, "contact")
    return f"{contacts}, taken together for reading: when the account was in contact, not when anybody sat there."


def _tokens(session: Session) -> str:
    if not session.logon_ids:
        return ""
    ids = " and ".join(hex_id(logon_id) for logon_id in session.logon_ids)
    split = ": the limited and the elevated token of one person" if len(session.logon_ids) > 1 else ""
    folded = f" {plural(session.attached, 'more logon')} served it." if session.attached else ""
    return f"Logon ID {ids}{split}.{folded}"
