"""How it is known what a report says: the rules of reconstruction, the grades, and the rules of the findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from logonscope.findings.rule import rules
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.toml_file import load
from logonscope.sessions.story import GRADES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.findings.finding import Findings
    from logonscope.findings.rule import Rule


class MethodRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule; the fields are explained at the head of ``method.toml``."""

    rule: str
    sentence: str


class _Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    method: list[MethodRule]


@cache
def method_rules() -> Sequence[MethodRule]:
    """The rules of reconstruction, in order.

    Raises:
        KnowledgeError: The file does not fit.
    """
    return load("method.toml", _Method, "logonscope.report").method


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of a session's end."""

    letter: str
    means: str
    ways: str
    """How sessions of this grade end, in a few words each."""


def grades() -> tuple[Grade, ...]:
    """The grades, the surest first."""
    return tuple(
        Grade(letter, means, ", ".join(dict.fromkeys(k.shown for k in end_kinds().values() if k.grade == letter)))
        for letter, means in GRADES.items()
    )


def asked_rules(outcome: Findings) -> list[tuple[Rule, str]]:
    """The rules that were run, each with what came of it in words."""
    found = Counter(finding.rule for finding in outcome.found)
    broken = {entry.rule: entry.reason for entry in outcome.broken}
    return [
        (rule, f"could not be run: {broken[rule.id]}" if rule.id in broken else f"{found[rule.id] or 'nothing'} found")
        for rule in rules()
    ]
