"""Every setting with its value, the usual value, where it was set, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.findings import thresholds
from logonscope.findings.rule import rules
from logonscope.ui.commands import COMMANDS
from logonscope.ui.keys import MOVES
from logonscope.ui.themes import AUTO, THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logonscope.config import Entry
    from logonscope.ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force."""

    name: str
    """``theme.name``, ``keys.copy``, ``findings.D1.attempts``."""
    value: Any
    usual: Any
    line: int | None
    """The line of the file that sets it; None where none does."""
    means: str


def setting_list(settings: Settings, entries: Iterable[Entry]) -> list[Setting]:
    """All settings in the order of the file that ``settings_text`` writes.

    Args:
        settings: Those in force.
        entries: Of the user's file.
    """
    lines = {f"{entry.section}.{entry.name}": entry.line for entry in entries}
    return [
        Setting(name, value, usual, lines.get(name), means) for name, value, usual, means in _all(settings)
    ]  # fmt: skip


def _all(settings: Settings) -> Iterator[tuple[str, Any, Any, str]]:
    yield "theme.name", settings.theme, AUTO, f"The theme: {', '.join(THEMES)}."
    in_force = {keyed.id: keyed.keys for keyed in (*settings.commands, *settings.moves)}
    for keyed in (*COMMANDS, *MOVES):
        yield f"keys.{keyed.id}", " ".join(in_force[keyed.id]), " ".join(keyed.keys), keyed.help
    for rule in rules():
        for name, usual in rule.thresholds.items():
            value = settings.thresholds.get(rule.id, {}).get(name, usual)
            yield f"{thresholds.SECTION}.{rule.id}.{name}", value, usual, f"Rule {rule.id}, {rule.title}."
