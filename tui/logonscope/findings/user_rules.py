"""What the user has said of the rules: the watchlist and other thresholds, kept beside the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.config import config_file, read_config, watchlist_file
from logonscope.errors import WatchlistError
from logonscope.findings.rule import NO_THRESHOLDS
from logonscope.findings.thresholds import thresholds_from
from logonscope.findings.watchlist import NOBODY_WATCHED
from logonscope.findings.watchlist_file import read_watchlist

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.findings.rule import Thresholds
    from logonscope.findings.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class UserRules:
    """What the rules are run with."""

    watchlist: Watchlist
    thresholds: Thresholds
    wrong: tuple[str, ...] = ()
    """What of the user's own files does not hold and was left out; not sanitised."""


NOTHING_SAID = UserRules(NOBODY_WATCHED, NO_THRESHOLDS)
"""The rules as they come with the program."""


def read_user_rules(watchlist: Path | None = None) -> UserRules:
    """Read the watchlist and the thresholds.

    Args:
        watchlist: A file that was named; the one beside the settings if None.

    Raises:
        WatchlistError: The file that was named cannot be read, or is no TOML.
    """
    entries, problems = read_config(config_file())
    thresholds, wrong = thresholds_from(entries)
    told = [f"{config_file()}: {problem}" for problem in (*problems, *wrong)]
    watched = NOBODY_WATCHED
    if watchlist is not None:
        watched, unfit = read_watchlist(watchlist)
        told += unfit
    elif watchlist_file().exists():
        try:
            watched, unfit = read_watchlist(watchlist_file())
            told += unfit
        except WatchlistError as error:
            told.append(f"{error.message}. {error.advice} It is left out.")
    return UserRules(watched, thresholds, tuple(told))
