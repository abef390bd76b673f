"""The command line. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from logonscope import __version__, console
from logonscope.commands.cache import cache
from logonscope.commands.card import machine, source, user
from logonscope.commands.case_option import case_option
from logonscope.commands.check import check
from logonscope.commands.config import config
from logonscope.commands.explain import explain
from logonscope.commands.findings import findings
from logonscope.commands.first_seen import first_seen
from logonscope.commands.formats import formats
from logonscope.commands.inputs import (
    NOTHING_READ,
    Inputs,
    complain,
    exists,
    following_option,
    kept_cases,
    load,
    loading_options,
    marking,
    parsed,
)
from logonscope.commands.outputs import FILTER_HELP, list_options, text_output, write_rows
from logonscope.commands.report import report
from logonscope.commands.salvage_option import salvage_wanted
from logonscope.commands.triage import print_triage, triage
from logonscope.display import sanitise
from logonscope.errors import FilterError, LogonscopeError

if TYPE_CHECKING:
    from logonscope.case.view import Scope
    from logonscope.filters.compile import Target


class DefaultCommand(click.Group):
    """A group in which ``logonscope PATH`` means ``logonscope browse PATH``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``browse`` before arguments that begin with no command."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h", "--version"):
            args = ["browse", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=DefaultCommand,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="A path that is named like a command is written ./triage.",
)
@click.version_option(__version__, prog_name="logonscope")
def cli() -> None:
    """Who was on this Windows machine, when, from where, how, for how long, and how we know.

    logonscope PATH... opens event logs (files, folders, archives, - for standard input) in a browser for the keyboard.
    Without a terminal it prints the triage summary instead. The evidence is only read, and nothing goes over the
    network.
    """


@cli.command(epilog=FILTER_HELP)
@loading_options
@following_option
@case_option
def browse(inputs: Inputs, follow: bool, case_path: Path | None) -> None:
    """Open event logs in the browser (the command that is meant when none is named)."""
    if console.has_terminal():
        inputs = replace(inputs, stdin=console.keyboard_beside(inputs.stdin))
        _run_app(inputs, follow=follow, case_path=case_path)
    elif follow:
        raise click.UsageError(
            "The browser needs a terminal. Without one, logonscope events --follow prints what comes."
        )
    else:
        print_triage(inputs)


@cli.command(epilog=FILTER_HELP)
@loading_options
@list_options("table", "jsonl", "csv", "parquet")
@click.option("--visits", is_flag=True, help="Also what people did over the network, one row for each visit.")
@click.option("--people", is_flag=True, help="Also contacts, tasks, services and what belongs to a stay.")
@click.option("--all", "everything", is_flag=True, help="Also the system's own sessions.")
@click.option("--evidence", is_flag=True, help="Also the records that each rests on (not in the table).")
def sessions(visits: bool, people: bool, everything: bool, evidence: bool, **listed: Any) -> None:
    """Print reconstructed sessions: people's stays, or what the filter asks for."""
    from logonscope.case.view import Scope

    scope = Scope.ALL if everything else Scope.PEOPLE if people else Scope.VISITS if visits else Scope.STAYS
    _print_list("session", scope=scope, evidence=evidence, **listed)


@cli.command(epilog=FILTER_HELP)
@loading_options
@following_option
@list_options("table", "jsonl", "csv", "parquet")
def events(inputs: Inputs, follow: bool, form: str, file: Path | None) -> None:
    """Print events in the order of time; with --follow those that come, until Ctrl-C."""
    if not follow:
        _print_list("event", inputs=inputs, form=form, file=file)
        return
    from logonscope.commands.follow import follow_events

    if form == "parquet":
        raise click.UsageError("Parquet is written at once: follow as table, jsonl or csv.")
    with text_output(file) as out:
        follow_events(inputs, form, out)


@cli.command(epilog=FILTER_HELP)
@loading_options
@list_options("table", "jsonl", "csv")
def boots(**listed: Any) -> None:
    """Print when the machines ran, how that is known, and which logon IDs were used again."""
    _print_list("boot", **listed)


@cli.command(epilog=FILTER_HELP)
@loading_options
@list_options("table", "jsonl", "csv")
def coverage(**listed: Any) -> None:
    """Print what the logs cover, and what is missing, cleared, lost or not audited."""
    _print_list("coverage", **listed)


@cli.command(epilog=FILTER_HELP)
@loading_options
@click.option("--at", "at_text", required=True, metavar="TIME", help="2026-03-02T09:30, or -2h before the log's end.")
@list_options("table", "jsonl")
def who(inputs: Inputs, at_text: str, form: str, file: Path | None) -> None:
    """Print who was on at a time: for certain, possibly and why, and whether the logs cover that time."""
    from logonscope.export.who import write_who_jsonl, write_who_table
    from logonscope.facts.roll_call import moment

    node = parsed(inputs.filter_text)
    with load(inputs) as case, marking(inputs.filter_text):
        try:
            at = moment(at_text, case.lookup().log_end)
        except FilterError as error:
            raise click.BadParameter(sanitise(f"{error.message}. {error.advice}"), param_hint="--at") from error
        found = case.who(at, node)
        with text_output(file) as out:
            if form == "jsonl":
                write_who_jsonl(found, out)
            else:
                write_who_table(found, out, None if file else console.width())


@cli.command()
@click.option("--write", "folder", type=click.Path(path_type=Path), help="Write the logs to this folder and stop.")
def demo(folder: Path | None) -> None:
    """Open the bundled incident: a week on three machines, made up, nobody's data."""
    from logonscope.case.demo_case import demo_logs
    from logonscope.case.options import USUAL_OPTIONS

    if folder is not None:
        demo_logs(folder)
        click.echo(f"The demo logs are in {folder}. Open them with: logonscope {folder}")
        return
    logs = demo_logs()
    if console.has_terminal():
        _run_app(Inputs((logs,), None, "", USUAL_OPTIONS))
    else:
        print_triage(Inputs((logs,), None, "", USUAL_OPTIONS))


for command in (cache, check, config, explain, findings, first_seen, formats, machine, report, source, triage, user):
    cli.add_command(command)


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name may not fit the terminal's encoding
    try:
        code = cli(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except FilterError as error:
        _show_filter_error(error)
        sys.exit(NOTHING_READ)
    except LogonscopeError as error:
        complain(error)
        sys.exit(NOTHING_READ)
    except BrokenPipeError:
        # The reader of our output is gone; keep the interpreter from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_filter_error(error: FilterError) -> None:
    click.echo(f"logonscope: filter: {sanitise(error.message)}. {sanitise(error.advice)}".rstrip(), err=True)
    if error.text:
        click.echo(f"  {sanitise(error.text)}", err=True)
        start, stop = (len(sanitise(error.text[:place])) for place in (error.start, error.stop))
        click.echo(f"  {' ' * start}{'^' * max(1, stop - start)}", err=True)


def _run_app(inputs: Inputs, *, follow: bool = False, case_path: Path | None = None) -> None:
    from logonscope.ui.app import LogonscopeApp
    from logonscope.ui.settings import load_settings

    parsed(inputs.filter_text)
    if inputs.paths and inputs.stdin is None and not any(map(exists, inputs.paths)):
        load(inputs).close()
        return
    app = LogonscopeApp(
        inputs.paths,
        inputs.stdin,
        inputs.filter_text,
        settings=load_settings(),
        options=inputs.options,
        cache=None if follow else kept_cases(inputs),
        follow=follow,
        salvage=salvage_wanted(),
        case_file=case_path,
    )
    code = app.run()
    if app.fault:
        click.echo(app.fault, err=True)
    sys.exit(app.return_code if code is None else code)


def _print_list(
    target: Target,
    *,
    inputs: Inputs,
    form: str,
    file: Path | None,
    scope: Scope | None = None,
    evidence: bool = False,
) -> None:
    from logonscope.case.view import Scope, View
    from logonscope.export.lists import LISTINGS, evidence_field

    if form == "parquet" and file is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for terminals: write it to a file with -o, or into a pipe.")
    view = View(target, parsed(inputs.filter_text), scope=scope or Scope.ALL)
    listing = LISTINGS[target]
    with load(inputs) as case, marking(inputs.filter_text):
        window = case.window(view)
        fields = (*listing.fields, evidence_field(case)) if evidence else listing.fields
        write_rows(listing.rows(case, window), listing.columns, fields, form, file)


if __name__ == "__main__":
    main()
