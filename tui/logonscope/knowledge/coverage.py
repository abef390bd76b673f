"""What logs cover and what they lack, in words (``coverage.toml``)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec

from logonscope.display import duration_text, plural, sanitise, time_text
from logonscope.knowledge.tamper import SignKind, sign_kinds
from logonscope.knowledge.toml_file import load
from logonscope.knowledge.words import fill

if TYPE_CHECKING:
    from logonscope.model import CoverageMark


class MarkKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of mark; the fields are explained at the head of ``coverage.toml``."""

    kind: str
    shown: str
    amount: Literal["records", "microseconds", "problems", "times", ""]
    tone: Literal["", "muted", "warn"]
    sentence: str
    so: str


class _Coverage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mark: list[MarkKind]
    unaudited: dict[str, str]


@cache
def _coverage() -> _Coverage:
    return load("coverage.toml", _Coverage)


@cache
def mark_kinds() -> dict[str, MarkKind]:
    """The kinds of marks by their name, in order."""
    return {kind.kind: kind for kind in (*_coverage().mark, *map(_of_sign, sign_kinds().values()))}


def _of_sign(sign: SignKind) -> MarkKind:
    so = f"{sign.means} Or nobody did anything: {sign.innocent[:1].lower()}{sign.innocent[1:]}"
    return MarkKind(f"sign {sign.kind}", sign.shown, "", "warn", "{text}.", so)


def told_subcategories() -> tuple[str, ...]:
    """The audit subcategories whose lack is told, in order."""
    return tuple(_coverage().unaudited)


def unaudited_words(subcategory: str) -> str:
    """What the logs cannot show without an audit subcategory; empty where that matters little."""
    return _coverage().unaudited.get(subcategory, "")


def amount_text(mark: CoverageMark, *, short: bool = False) -> str:
    """How much a mark counts; empty where it counts nothing.

    Args:
        mark: The mark.
        short: Leave out what is counted, which the kind of the mark says.
    """
    unit = mark_kinds()[mark.kind].amount
    if mark.amount is None or not unit:
        return ""
    if unit == "microseconds":
        return duration_text(mark.amount)
    return f"{mark.amount:,}" if short else plural(mark.amount, unit.removesuffix("s"))


def mark_sentence(mark: CoverageMark) -> str:
    """Say in one sanitised sentence what a mark means."""
    values = {
        "since": time_text(mark.since) if mark.since else "",
        "until": time_text(mark.until) if mark.until else "",
        "amount": amount_text(mark),
        "text": sanitise(mark.text),
        "channel": sanitise(mark.channel),
    }
    return fill(mark_kinds()[mark.kind].sentence, values.__getitem__)


def channel_short(channel: str) -> str:
    """A channel's name for a table, sanitised: without what all names of its kind share."""
    return sanitise(channel.removeprefix("Microsoft-Windows-").removesuffix("/Operational"))
