"""The settings in force: which keys do what, which theme, and what in the user's file does not hold."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from logonscope.cache import cache_settings
from logonscope.cache.cache_settings import USUAL, CacheSettings
from logonscope.case import case_file
from logonscope.config import ConfigProblem, Entry, config_file, read_config, watchlist_file
from logonscope.display import sanitise
from logonscope.findings import thresholds
from logonscope.findings.rule import NO_THRESHOLDS, rules
from logonscope.toml_text import toml_string
from logonscope.ui.commands import ALL_PANES, COMMANDS, Command
from logonscope.ui.keys import MOVES, Keyed, key_name, nearest_key, printed_key
from logonscope.ui.themes import AUTO, THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from logonscope.findings.rule import Rule, Thresholds

_BY_PALETTE = "the palette"


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for one run."""

    commands: tuple[Command, ...] = COMMANDS
    """All actions with the keys in force."""
    moves: tuple[Keyed, ...] = MOVES
    """The keys of the lists."""
    theme: str = AUTO
    """A name of ``themes.THEMES``."""
    thresholds: Thresholds = field(default_factory=lambda: NO_THRESHOLDS)
    """Others than the rules' own."""
    cache: CacheSettings = USUAL
    case_folder: Path | None = None
    """Where case files are kept; the user's state folder if None."""
    problems: tuple[ConfigProblem, ...] = ()

    def key(self, command_id: str) -> str:
        """The first key of an action as it is printed, to be named in a sentence."""
        keys = next((one.keys for one in self.commands if one.id == command_id), ())
        return printed_key(keys[0]) if keys else _BY_PALETTE


def load_settings() -> Settings:
    """Read the user's file."""
    return settings_from(*read_config(config_file()))


def settings_from(entries: Iterable[Entry], problems: Sequence[ConfigProblem] = ()) -> Settings:
    """Make settings of the entries of a file; what makes no sense is reported, the rest holds."""
    reading = _Reading(list(problems))
    told = list(entries)
    for entry in told:
        if entry.section not in (thresholds.SECTION, cache_settings.SECTION, case_file.SECTION):
            reading.take(entry)
    chosen, wrong = thresholds.thresholds_from(told)
    cache, wrong_cache = cache_settings.cache_settings_from(told)
    folder, wrong_folder = case_file.chosen_folder([entry for entry in told if entry.section == case_file.SECTION])
    reading.problems += [*wrong, *wrong_cache, *wrong_folder]
    return replace(reading.settings(), thresholds=chosen, cache=cache, case_folder=folder)


@dataclass(slots=True)
class _Reading:
    """Entries taken so far."""

    problems: list[ConfigProblem]
    theme: str = AUTO
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    """Who has a key in a pane by the file's word."""

    def take(self, entry: Entry) -> None:
        if (entry.section, entry.name) == ("theme", "name"):
            self._take_theme(entry)
        elif entry.section == "keys":
            self._take_keys(entry)
        else:
            known = {"keys": _IDS, "theme": ("name",)}.get(entry.section)
            where = f"[{entry.section}] " if entry.section else ""
            near = entry if known else replace(entry, name=entry.section or entry.name)
            self._complain(
                near, f"{where}{entry.name} is not a setting", known or ("keys", "theme", "findings", "case")
            )

    def _take_theme(self, entry: Entry) -> None:
        if isinstance(entry.value, str) and entry.value in THEMES:
            self.theme = entry.value
        else:
            self._complain(entry, f"there is no theme {entry.value}", THEMES, all_named=True)

    def _take_keys(self, entry: Entry) -> None:
        keyed = _IDS.get(entry.name)
        if keyed is None:
            self._complain(entry, f"there is no action {entry.name}", _IDS)
            return
        typed = _words(entry.value)
        if typed is None:
            self._complain(entry, f"the keys of {entry.name} must be a text or a list of texts")
            return
        keys = [key for word in typed if (key := self._key(entry, word))]
        self.chosen[entry.name] = tuple(key for key in dict.fromkeys(keys) if self._claim(entry, keyed, key))

    def _key(self, entry: Entry, typed: str) -> str | None:
        key = key_name(typed)
        if key is None:
            near = nearest_key(typed)
            hint = f"; did you mean {near}?" if near else ""
            self.problems.append(ConfigProblem(entry.line, f"there is no key {typed}{hint}"))
        return key

    def _claim(self, entry: Entry, keyed: Keyed, key: str) -> bool:
        """Give a key to an action, unless another action of the same pane was given it before."""
        places = [(pane, key) for pane in _panes(keyed)]
        other = next((self.owners[place] for place in places if place in self.owners), None)
        if other is not None and other != keyed.id:
            self._complain(entry, f"clash: {printed_key(key)} does {other} already, so it does not do {keyed.id}")
            return False
        self.owners.update(dict.fromkeys(places, keyed.id))
        return True

    def _complain(self, entry: Entry, text: str, known: Iterable[str] = (), *, all_named: bool = False) -> None:
        near = get_close_matches(str(entry.value if all_named else entry.name), list(known), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        if all_named and not near:
            hint = f"; there are {', '.join(known)}"
        self.problems.append(ConfigProblem(entry.line, text + hint))

    def settings(self) -> Settings:
        return Settings(
            tuple(replace(command, keys=self._keys(command)) for command in COMMANDS),
            tuple(replace(move, keys=self._keys(move)) for move in MOVES),
            self.theme,
            problems=tuple(self.problems),
        )

    def _keys(self, keyed: Keyed) -> tuple[str, ...]:
        """The keys in force: those chosen, or the usual ones that nothing else was given."""
        if keyed.id in self.chosen:
            return self.chosen[keyed.id]
        lost: dict[str, list[str]] = defaultdict(list)
        for key in keyed.keys:
            for pane in _panes(keyed):
                owner = self.owners.get((pane, key))
                if owner and key not in lost[owner]:
                    lost[owner].append(key)
        gone = {key for keys in lost.values() for key in keys}
        left = tuple(key for key in keyed.keys if key not in gone)
        for owner, keys in lost.items():
            for key in keys:
                rest = f"has {' '.join(map(printed_key, left))}" if left else f"is in {_BY_PALETTE} only"
                text = f"clash: {printed_key(key)} does {owner} now; {keyed.id} {rest}"
                self.problems.append(ConfigProblem(None, text))
        return left


_IDS: dict[str, Keyed] = {keyed.id: keyed for keyed in (*COMMANDS, *MOVES)}


def _panes(keyed: Keyed) -> tuple[str, ...]:
    return keyed.panes if isinstance(keyed, Command) else ALL_PANES


def _words(value: Any) -> list[str] | None:
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return value
    return None


def settings_text(settings: Settings) -> str:
    """The settings in force as a file that could be read again, with what does not hold as comments."""
    file = config_file()
    lines = [f"# {file}{'' if file.exists() else ' (not there: all of these are the usual settings)'}"]
    lines += [f"# the watchlist: {watchlist_file()}"]
    lines += [f"# does not hold: {sanitise(str(problem))}" for problem in settings.problems]
    lines += ["", "[theme]", f'name = "{settings.theme}"  # {", ".join(THEMES)}', ""]
    lines += [
        "[cache]",
        f'size = "{settings.cache}"  # what cases kept for reopening may take; "0" keeps none',
        "",
        "[keys]",
    ]
    lines += [_line(keyed) for keyed in (*settings.commands, *settings.moves)]
    folder = settings.case_folder
    lines += ["", f"[{case_file.SECTION}]", f"{'' if folder else '# '}folder = {toml_string(str(folder or '~/cases'))}"]
    lines[-1] += "  # where case files are kept, apart from the evidence; else in the state folder"
    for rule in rules():
        lines += _rule_lines(rule, settings.thresholds)
    return "\n".join(lines) + "\n"


def _rule_lines(rule: Rule, chosen: Thresholds) -> Iterator[str]:
    if rule.thresholds:
        yield from ("", f"[{thresholds.SECTION}.{rule.id}]  # {rule.title}")
    for name, usual in rule.thresholds.items():
        value = chosen.get(rule.id, {}).get(name, usual)
        yield f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _line(keyed: Keyed) -> str:
    return f'"{keyed.id}" = "{" ".join(keyed.keys)}"  # {keyed.help}'
