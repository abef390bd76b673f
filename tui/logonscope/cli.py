"""The command line. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import io
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from logonscope import __version__
from logonscope.display import bytes_text, plural, sanitise
from logonscope.errors import FilterError, LogonscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logonscope.case.case import Case
    from logonscope.case.view import Scope, Target
    from logonscope.columns import Column
    from logonscope.filters.terms import Node
    from logonscope.model import LoadProgress

_NOTHING_READ = 2
_FETCH_ROWS = 1000
_PIPE_WIDTH = 160

_FILTER_HELP = "Filters are the same everywhere: user:alice type:10,rdp event:4624 ip:10.0.0.0/8 is:person since:-2h"


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

    logonscope PATH... opens event logs (.evtx files, folders, - for standard input) in a browser for the keyboard.
    Without a terminal it prints the triage summary instead. The evidence is only read, and nothing goes over the
    network.
    """


def _loading_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option(
        "-f", "--filter", "filter_text", default="", metavar="FILTER", help="Show only what fits this filter."
    )(command)
    return click.argument("arguments", nargs=-1, required=True, metavar="PATH... [FILTER]")(command)


_format_option = click.option(
    "--format", "output", type=click.Choice(["table", "jsonl", "csv"]), default="table", help="How to print."
)


@cli.command(epilog=_FILTER_HELP)
@_loading_options
def browse(arguments: tuple[str, ...], filter_text: str) -> None:
    """Open event logs in the browser (the command that is meant when none is named)."""
    paths, stdin, text = _split(arguments, filter_text)
    if not _has_terminal():
        _print_triage(paths, stdin, text)
        return
    _run_app(paths, _keyboard_beside(stdin), text)


@cli.command(epilog=_FILTER_HELP)
@_loading_options
def triage(arguments: tuple[str, ...], filter_text: str) -> None:
    """Print a summary: who was on, who got in, who was refused, and what cannot be known."""
    _print_triage(*_split(arguments, filter_text))


@cli.command(epilog=_FILTER_HELP)
@_loading_options
@_format_option
@click.option("--people", "people", is_flag=True, help="Also contacts, tasks, services and what belongs to a stay.")
@click.option("--all", "everything", is_flag=True, help="Also the system's own sessions.")
def sessions(arguments: tuple[str, ...], filter_text: str, output: str, people: bool, everything: bool) -> None:
    """Print reconstructed sessions: people's stays, or what the filter asks for."""
    from logonscope.case.view import Scope

    scope = Scope.ALL if everything else Scope.PEOPLE if people else Scope.STAYS
    _print_list("session", arguments, filter_text, output, scope)


@cli.command(epilog=_FILTER_HELP)
@_loading_options
@_format_option
def events(arguments: tuple[str, ...], filter_text: str, output: str) -> None:
    """Print events in the order of time."""
    from logonscope.case.view import Scope

    _print_list("event", arguments, filter_text, output, Scope.ALL)


@cli.command()
@click.option("--write", "folder", type=click.Path(path_type=Path), help="Write the logs to this folder and stop.")
def demo(folder: Path | None) -> None:
    """Open the bundled incident: a week on three machines, made up, nobody's data."""
    from logonscope.case.demo_case import demo_logs

    if folder is not None:
        demo_logs(folder)
        click.echo(f"The demo logs are in {folder}. Open them with: logonscope {folder}")
        return
    logs = demo_logs()
    if _has_terminal():
        _run_app([logs], None, "")
    else:
        _print_triage([logs], None, "")


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
        sys.exit(_NOTHING_READ)
    except LogonscopeError as error:
        _complain(error)
        sys.exit(_NOTHING_READ)
    except BrokenPipeError:
        # The reader of our output is gone; keep the interpreter from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _has_terminal() -> bool:
    return sys.stdout.isatty() and (sys.stdin.isatty() or _tty() is not None) and sys.stderr.isatty()


def _tty() -> int | None:
    """The terminal itself, where standard input is a log."""
    if sys.stdin.isatty() or not _reads_stdin():
        return None
    try:
        return os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return None


def _reads_stdin() -> bool:
    return "-" in sys.argv[1:]


def _keyboard_beside(stdin: BinaryIO | None) -> BinaryIO | None:
    """Keep the log that comes on standard input, and give the app the terminal to read keys from."""
    if stdin is None:
        return None
    log = os.fdopen(os.dup(stdin.fileno()), "rb")
    tty = _tty()
    if tty is not None:
        os.dup2(tty, 0)
        sys.stdin = os.fdopen(0, "r", closefd=False)
    return log


def _split(arguments: Sequence[str], filter_text: str) -> tuple[list[Path], BinaryIO | None, str]:
    """Tell paths from filter words: the first argument is a path, the others where such a path exists."""
    paths: list[Path] = []
    words: list[str] = [filter_text] if filter_text else []
    stdin: BinaryIO | None = None
    for position, argument in enumerate(arguments):
        if argument == "-":
            stdin = sys.stdin.buffer
        elif position == 0 or _exists(Path(argument)) or _looks_like_path(argument):
            paths.append(Path(argument))
        else:
            words.append(argument)
    return paths, stdin, " ".join(words)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        return True
    except OSError:
        return False  # e.g. a filter that is longer than a file name may be


def _looks_like_path(argument: str) -> bool:
    return argument.startswith(("/", "./", "../", "~")) or argument.lower().endswith((".evtx", ".evt"))


def _parsed(text: str) -> Node:
    from logonscope.filters.syntax import parse

    with _marking(text):
        return parse(text)


@contextmanager
def _marking(text: str) -> Iterator[None]:
    """Let an error in a filter know the whole of it, to mark the place."""
    try:
        yield
    except FilterError as error:
        error.text = text
        raise


def _show_filter_error(error: FilterError) -> None:
    click.echo(f"logonscope: filter: {sanitise(error.message)}. {sanitise(error.advice)}".rstrip(), err=True)
    if error.text:
        click.echo(f"  {sanitise(error.text)}", err=True)
        start, stop = (len(sanitise(error.text[:place])) for place in (error.start, error.stop))
        click.echo(f"  {' ' * start}{'^' * max(1, stop - start)}", err=True)


def _complain(error: LogonscopeError) -> None:
    click.echo(f"logonscope: {sanitise(error.message)}. {sanitise(error.advice)}".rstrip(), err=True)


def _run_app(paths: Sequence[Path], stdin: BinaryIO | None, filter_text: str) -> None:
    from logonscope.ui.app import LogonscopeApp

    _parsed(filter_text)
    if paths and stdin is None and not any(map(_exists, paths)):
        _load(paths, None).close()
        return
    app = LogonscopeApp(paths, stdin, filter_text)
    code = app.run()
    if app.fault:
        click.echo(app.fault, err=True)
    sys.exit(app.return_code if code is None else code)


def _load(paths: Sequence[Path], stdin: BinaryIO | None) -> Case:
    """Load without a screen; complain of what cannot be read, and give up where nothing can."""
    from logonscope.case.case import Case

    case = Case(paths, stdin)
    try:
        case.load(report=_show_progress if sys.stderr.isatty() else lambda progress: None)
        for error in case.unreadable:
            _complain(error)
        if not case.sources:
            raise click.exceptions.Exit(_NOTHING_READ)
    except BaseException:
        case.close()
        raise
    return case


def _show_progress(progress: LoadProgress) -> None:
    line = (
        f"{plural(progress.records, 'record')}, {bytes_text(progress.bytes_done)} of {bytes_text(progress.bytes_total)}"
        if progress.stage == "reading"
        else "rebuilding sessions"
    )
    sys.stderr.write(f"\r\x1b[K{line}" if progress.stage not in ("done", "stopped") else "\r\x1b[K")
    sys.stderr.flush()


def _print_triage(paths: Sequence[Path], stdin: BinaryIO | None, filter_text: str) -> None:
    from logonscope.export.triage import write_triage

    node = _parsed(filter_text)
    with _load(paths, stdin) as case, _marking(filter_text):
        write_triage(case, node, sys.stdout, _width() or _PIPE_WIDTH)


def _width() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _print_list(target: Target, arguments: Sequence[str], filter_text: str, output: str, scope: Scope) -> None:
    from logonscope.case.view import View

    paths, stdin, text = _split(arguments, filter_text)
    view = View(target, _parsed(text), scope=scope)
    with _load(paths, stdin) as case, _marking(text):
        window = case.window(view)
        fetch: Callable[[Sequence[int]], list[Any]] = case.events if target == "event" else case.sessions
        pages = (window.page(start, start + _FETCH_ROWS) for start in range(0, window.count, _FETCH_ROWS))
        _write(target, (row for page in pages for row in fetch(page)), output)


def _write(target: Target, rows: Iterator[Any], output: str) -> None:
    from logonscope.columns import EVENT_COLUMNS, SESSION_COLUMNS
    from logonscope.export.records import EVENT_FIELDS, SESSION_FIELDS
    from logonscope.export.writers import write_csv, write_jsonl, write_table

    columns: tuple[Column[Any], ...] = EVENT_COLUMNS if target == "event" else SESSION_COLUMNS
    fields: dict[str, Callable[[Any], Any]] = EVENT_FIELDS if target == "event" else SESSION_FIELDS
    if output == "table":
        write_table(rows, columns, sys.stdout, _width())
    elif output == "csv":
        write_csv(rows, fields, sys.stdout)
    else:
        write_jsonl(rows, fields, sys.stdout)


if __name__ == "__main__":
    main()
