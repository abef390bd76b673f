"""The command line. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logonscope import __version__, console, debug_log
from logonscope.commands.cache import cache
from logonscope.commands.card import machine, source, user
from logonscope.commands.case_option import case_option
from logonscope.commands.check import check
from logonscope.commands.columns import columns
from logonscope.commands.completion import completion
from logonscope.commands.config import config
from logonscope.commands.debug_option import DEBUG_FLAGS, with_debug
from logonscope.commands.explain import explain
from logonscope.commands.export import export
from logonscope.commands.findings import findings
from logonscope.commands.first_seen import first_seen
from logonscope.commands.fleet import fleet
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
from logonscope.commands.lists import boots, coverage, events, sessions, sources, types, users
from logonscope.commands.outputs import EXIT_CODES, FILTER_HELP, Output, epilog, examples, list_options
from logonscope.commands.report import report
from logonscope.commands.salvage_option import salvage_wanted
from logonscope.commands.triage import print_triage, triage
from logonscope.display import sanitise
from logonscope.errors import FilterError, LogonscopeError
from logonscope.garbage import rare_collections

if TYPE_CHECKING:
    from types import FrameType


class DefaultCommand(click.Group):
    """A group in which ``logonscope PATH`` means ``logonscope browse PATH``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``browse`` before arguments that begin with no command."""
        own = list(takewhile(DEBUG_FLAGS.__contains__, args))
        rest = args[len(own) :]
        if rest and rest[0] not in self.commands and rest[0] not in ("--help", "-h", "--version"):
            args = [*own, "browse", *rest]
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
    network, unless a lake is named by its address: s3://bucket/lake.
    """


@cli.command(
    epilog=epilog(
        examples(
            "logonscope Security.evtx",
            "logonscope /mnt/evidence/winevt/Logs 'user:alice type:rdp'",
            "ssh host cat Security.evtx | logonscope -",
            "logonscope collection.zip --since 2026-03-01 --event 4624,4625,4634",
        ),
        FILTER_HELP,
    )
)
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


@cli.command(
    epilog=epilog(
        examples("logonscope who Logs --at 2026-03-07T03:30", "logonscope who Logs machine:TS01 --at=-2h --json"),
        FILTER_HELP,
        EXIT_CODES,
    )
)
@loading_options
@click.option("--at", "at_text", required=True, metavar="TIME", help="2026-03-02T09:30, or -2h before the log's end.")
@list_options("table", "jsonl")
def who(inputs: Inputs, at_text: str, output: Output) -> None:
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
        with output.text() as out:
            if output.form == "jsonl":
                write_who_jsonl(case, found, out)
            else:
                write_who_table(found, out, output.width)


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


for command in (
    boots, cache, check, columns, completion, config, coverage, events, explain, export, findings, first_seen, fleet,
    formats, machine, report, sessions, source, sources, triage, types, user, users,
):  # fmt: skip
    cli.add_command(command)
for command in (cli, *cli.commands.values()):
    with_debug(command)


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    try:
        _run()
    finally:
        if told := debug_log.end():
            click.echo(f"logonscope: {sanitise(told)}", err=True)


def _run() -> None:
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # the usual one reserves a gigabyte of addresses
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name may not fit the terminal's encoding
    try:
        code = cli(prog_name="logonscope", standalone_mode=False)
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
        _leave_output()
    except OSError as error:
        _leave_output()
        click.echo(f"logonscope: {sanitise(str(error.strerror or error))}.", err=True)
        sys.exit(NOTHING_READ)
    except Exception as error:
        from logonscope.fault_report import FAULT, keep_fault

        click.echo(sanitise(keep_fault(error)), err=True)
        sys.exit(FAULT)


def _leave_output() -> None:
    """Nothing can be written any more; keep the interpreter from complaining when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(number: int, _: FrameType | None) -> None:
    """Leave in good order: a file that is half written is removed, and so is the store."""
    sys.exit(128 + number)


def _show_filter_error(error: FilterError) -> None:
    click.echo(f"logonscope: filter: {sanitise(error.message)}. {sanitise(error.advice)}".rstrip(), err=True)
    if error.text:
        click.echo(f"  {sanitise(error.text)}", err=True)
        start, stop = (len(sanitise(error.text[:place])) for place in (error.start, error.stop))
        click.echo(f"  {' ' * start}{'^' * max(1, stop - start)}", err=True)


def _run_app(inputs: Inputs, *, follow: bool = False, case_path: Path | None = None) -> None:
    from logonscope.ui.terminal_guard import go_on_guarded

    parsed(inputs.filter_text)
    if inputs.paths and inputs.stdin is None and not any(map(exists, inputs.paths)):
        load(inputs).close()
        return
    go_on_guarded()
    _spare_numpy()
    with rare_collections():  # what is imported stays
        from logonscope.ui.app import LogonscopeApp
        from logonscope.ui.settings import load_settings

    app = LogonscopeApp(
        inputs.paths,
        inputs.stdin,
        inputs.filter_text,
        settings=load_settings(),
        options=inputs.options,
        cache=lambda: None if follow else kept_cases(inputs),
        follow=follow,
        salvage=salvage_wanted(),
        case_file=case_path,
        before_loading=_begin_apart,
    )
    code = app.run()
    if app.fault:
        click.echo(app.fault, err=True)
    sys.exit(app.return_code if code is None else code)


def _spare_numpy() -> None:
    """Keep Arrow from importing numpy too: the processes that read large logs need it, this one does not."""
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]


def _begin_apart() -> None:
    from logonscope.readers.evtx_apart import begin_apart

    begin_apart()


if __name__ == "__main__":
    main()
