"""Other thresholds than the rules' own, as the user's settings have them.

::

    [findings.D1]
    attempts = 20

    [findings.D14]
    from_hour = 8
    workdays = [1, 2, 3, 4, 5, 6]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.config import ConfigProblem, Entry
from logonscope.filters.names import nearest
from logonscope.findings.rule import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.findings.rule import Rule, Threshold, Thresholds

SECTION = "findings"
_MOST_HOURS, _MOST_DAYS = 24, 7


def thresholds_from(entries: Iterable[Entry]) -> tuple[Thresholds, list[ConfigProblem]]:
    """Take the thresholds from the entries of a settings file; what makes no sense is told, the rest holds.

    Args:
        entries: Of any section.

    Returns:
        The thresholds by rule and name where they differ from the rule's own, and what does not hold.
    """
    chosen: dict[str, dict[str, Threshold]] = {}
    problems: list[ConfigProblem] = []
    for entry in entries:
        if entry.section != SECTION:
            continue
        rule_id, _, name = entry.name.partition(".")
        try:
            value, usual = _threshold(rule_id, name, entry.value)
            if value != usual:
                chosen.setdefault(rule_id, {})[name] = value
        except ValueError as error:
            problems.append(ConfigProblem(entry.line, str(error)))
    return chosen, problems


def _threshold(rule_id: str, name: str, value: Any) -> tuple[Threshold, Threshold]:
    """The value, and the rule's own."""
    known = {rule.id: rule for rule in rules()}
    rule = known.get(rule_id)
    if rule is None:
        raise ValueError(_told(f"there is no rule {rule_id}", nearest(rule_id, known) or "Rules: D1, D2 and so on"))
    usual = rule.thresholds.get(name)
    if usual is None:
        what = f"{rule_id} has no threshold {name}" if name else f"{rule_id} must be a section: [findings.{rule_id}]"
        raise ValueError(_told(what, nearest(name, rule.thresholds) or _names(rule)))
    wrong = _wrong(name, value, usual)
    if wrong:
        raise ValueError(f"{rule_id} {name} must be {wrong}; it stays {usual}")
    return float(value) if isinstance(usual, float) else value, usual


def _told(what: str, advice: str) -> str:
    return f"{what}. {advice}"


def _names(rule: Rule) -> str:
    return f"It has {', '.join(rule.thresholds)}" if rule.thresholds else "It has none"


def _wrong(name: str, value: Any, usual: Threshold) -> str:
    """What a value must be, where it is not."""
    if isinstance(usual, list):
        kind = type(usual[0])
        inside = isinstance(value, list) and value and all(type(part) is kind for part in value)
        if kind is str:
            return "" if inside else "a list of texts"
        return "" if inside and all(1 <= part <= _MOST_DAYS for part in value) else "a list of numbers from 1 to 7"
    if isinstance(usual, str):
        return "" if isinstance(value, str) else "a text"
    if isinstance(usual, float):
        fits = type(value) in (int, float) and 0 <= value <= 1
        return "" if fits else "a number from 0 to 1"
    if name.endswith("_hour"):
        return "" if type(value) is int and 0 <= value <= _MOST_HOURS else "an hour from 0 to 24"
    return "" if type(value) is int and 0 <= value < 1 << 32 else "a whole number from 0 on"
