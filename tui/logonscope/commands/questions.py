"""What the commands that run the rules share: the user's watchlist and thresholds, and what of these does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from logonscope.display import sanitise
from logonscope.findings.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from logonscope.case.case import Case
    from logonscope.findings.finding import Findings
    from logonscope.findings.user_rules import UserRules

DOES_NOT_HOLD = 1
"""The exit code that says: printed, but a rule, the watchlist or a setting does not hold."""
FOUND = 3
"""The exit code that says: printed, and there is a finding as grave as was asked about."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What the rules are run with."""

    own: UserRules
    """The user's; what of them does not hold has been told."""
    fail_on: str = ""
    """The severity that the exit code tells of."""

    def ask(self, case: Case, cursor: duckdb.DuckDBPyConnection | None = None) -> Findings:
        """Run the rules."""
        return case.findings(self.own, cursor)

    def exit(self, outcome: Findings) -> None:
        """End the command with the exit code that the findings ask for."""
        grave = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1] if self.fail_on else ()
        if any(finding.severity in grave for finding in outcome.found):
            raise click.exceptions.Exit(FOUND)
        if self.own.wrong or outcome.broken:
            raise click.exceptions.Exit(DOES_NOT_HOLD)


def question_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options, and hand them to the command as ``questions``."""

    @wraps(command)
    def run(*, watchlist: Path | None, fail_on: str | None, **named: Any) -> None:
        command(questions=load_questions(watchlist, fail_on or ""), **named)

    path = click.Path(path_type=Path)
    help_text = "What accounts may and may not do (TOML); else watchlist.toml beside the settings."
    run = click.option("--watchlist", type=path, metavar="FILE", help=help_text)(run)
    fail_help = f"Exit code {FOUND} where a finding is at least this grave."
    return click.option("--fail-on", type=click.Choice(SEVERITIES), help=fail_help)(run)


def load_questions(watchlist: Path | None = None, fail_on: str = "") -> Questions:
    """Read the watchlist and the thresholds; of the user's own files what does not hold is told and left out.

    Args:
        watchlist: A file that was named; the one beside the settings if None.
        fail_on: The severity that the exit code shall tell of, or nothing.

    Raises:
        WatchlistError: The file that was named cannot be read, or is no TOML.
    """
    from logonscope.findings.user_rules import read_user_rules

    own = read_user_rules(watchlist)
    for line in own.wrong:
        click.echo(f"logonscope: {sanitise(line)}", err=True)
    return Questions(own, fail_on)
