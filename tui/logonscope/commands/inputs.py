"""The options that all commands which load share: what to load, how much of it, and what to show of that."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from click.shell_completion import CompletionItem

from logonscope.commands.salvage_option import salvage_options, salvage_wanted
from logonscope.config import size_from
from logonscope.display import bytes_text, plural, sanitise
from logonscope.errors import FilterError, LogonscopeError
from logonscope.lake.address import AddressPath, case_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from logonscope.cache.kept_cases import KeptCases
    from logonscope.case.case import Case
    from logonscope.case.options import LoadOptions
    from logonscope.filters.terms import Node
    from logonscope.model import LoadProgress
    from logonscope.readers.local_times import Order

NOTHING_READ = 2
_CHOSEN = ("since", "until", "channel", "host", "event", "unpack_limit", "dates")
_EVENT_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a command loads."""

    paths: tuple[Path, ...]
    stdin: BinaryIO | None
    """Standard input, where the user asked for it."""
    filter_text: str
    options: LoadOptions
    uses_cache: bool = True
    """Whether what an earlier run kept of it may be opened, and this one be kept."""


def loading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options, and hand them to the command as ``inputs``."""

    @wraps(command)
    def run(*, arguments: tuple[str, ...], filter_text: str, no_cache: bool, **named: Any) -> None:
        chosen = {name: named.pop(name) for name in _CHOSEN}
        paths, stdin, text = _split(arguments, filter_text)
        command(inputs=Inputs(tuple(paths), stdin, text, _load_options(**chosen), not no_cache), **named)

    for option in reversed(_OPTIONS):
        run = option(run)
    argument = click.argument(
        "arguments", nargs=-1, required=True, metavar="PATH... [FILTER]", shell_complete=_offer_paths
    )
    return argument(salvage_options(run))


def _offer_paths(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """A filter word is typed; everything else is a path, which the shell knows best."""
    return [CompletionItem(typed, type="file")]


_OPTIONS = (
    click.option(
        "-f", "--filter", "filter_text", default="", metavar="FILTER", help="Show only what fits this filter."
    ),
    click.option("--since", metavar="TIME", help="Load only records from this time on (UTC; -2d: back from now)."),
    click.option("--until", metavar="TIME", help="Load only records up to and with this time."),
    click.option("--channel", multiple=True, metavar="NAME", help="Load only this channel; * and ? stand in."),
    click.option("--host", multiple=True, metavar="NAME", help="Load only records of this computer."),
    click.option("--event", multiple=True, metavar="IDS", help="Load only these event IDs: 4624,4625,4720-4767."),
    click.option("--unpack-limit", metavar="SIZE", help="What a member of an archive may unpack to (64G)."),
    click.option("--no-cache", is_flag=True, help="Load anew what was loaded before, and keep nothing of it."),
    click.option(
        "--dates",
        type=click.Choice(("day-first", "month-first")),
        callback=lambda _, __, chosen: chosen and chosen.replace("-", " "),
        help="How 5/11/2026 is read in text and CSV of which no date shows it.",
    ),
)


def following_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option to follow; to be put above ``loading_options``."""

    @wraps(command)
    def run(*, inputs: Inputs, follow: bool, **named: Any) -> None:
        if follow and inputs.stdin is not None:
            raise click.UsageError("Standard input cannot be followed: name files or folders.")
        command(inputs=inputs, follow=follow, **named)

    return click.option("-F", "--follow", is_flag=True, help="Load what comes later, too, as it comes.")(run)


def _load_options(
    since: str | None,
    until: str | None,
    channel: tuple[str, ...],
    host: tuple[str, ...],
    event: tuple[str, ...],
    unpack_limit: str | None,
    dates: Order | None,
) -> LoadOptions:
    from logonscope.case.options import USUAL_OPTIONS, LoadOptions
    from logonscope.readers.cut import Cut

    cut = Cut(
        _moments(since, "--since")[0] if since else None,
        _moments(until, "--until")[1] if until else None,
        channel,
        host,
        frozenset(number for text in event for number in _event_ids(text)),
    )
    limits = USUAL_OPTIONS.limits
    if unpack_limit:
        limits = replace(limits, unpacked_bytes=_size(unpack_limit))
    return LoadOptions(cut, limits, dates)


def _moments(text: str, option: str) -> tuple[datetime, datetime]:
    """The first moment of a time and the one after it; nobody knows the end of the log before it is loaded."""
    from logonscope.filters.terms import Value
    from logonscope.filters.times import span

    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    try:
        return span(Value(text, 0, len(text)), now)
    except FilterError as error:
        advice = "Write 2026-03-02, 2026-03-02T09:30 or, back from now, -2d."
        raise click.BadParameter(sanitise(f"{error.message}. {advice}"), param_hint=option) from error


def _event_ids(text: str) -> Iterator[int]:
    for part in text.split(","):
        found = _EVENT_RANGE.fullmatch(part.strip())
        if not found:
            raise click.BadParameter(
                f"{sanitise(part)} is no event ID. Write 4624,4625 or 4720-4767.", param_hint="--event"
            )
        yield from range(int(found[1]), int(found[2] or found[1]) + 1)


def _size(text: str) -> int:
    size = size_from(text)
    if size is None:
        raise click.BadParameter(f"{sanitise(text)} is no size. Write 500M or 64G.", param_hint="--unpack-limit")
    return size


def _split(arguments: Sequence[str], filter_text: str) -> tuple[list[Path], BinaryIO | None, str]:
    """Tell paths from filter words: the first argument is a path, the others where such a path exists."""
    paths: list[Path] = []
    words: list[str] = [filter_text] if filter_text else []
    stdin: BinaryIO | None = None
    for position, argument in enumerate(arguments):
        if argument == "-":
            stdin = sys.stdin.buffer
        elif position == 0 or exists(case_path(argument)) or _looks_like_path(argument):
            paths.append(case_path(argument))
        else:
            words.append(argument)
    return paths, stdin, " ".join(words)


def exists(path: Path) -> bool:
    """Whether a path is there, as far as we may know; an address is asked when it is opened."""
    try:
        return isinstance(path, AddressPath) or path.exists()
    except PermissionError:
        return True
    except OSError:
        return False  # e.g. a filter that is longer than a file name may be


def _looks_like_path(argument: str) -> bool:
    return argument.startswith(("/", "./", "../", "~")) or argument.lower().endswith((".evtx", ".evt"))


def parsed(text: str) -> Node:
    """Parse a filter.

    Raises:
        FilterError: It is none; the error knows the whole text.
    """
    from logonscope.filters.syntax import parse

    with marking(text):
        return parse(text)


@contextmanager
def marking(text: str) -> Iterator[None]:
    """Let an error in a filter know the whole of it, to mark the place."""
    try:
        yield
    except FilterError as error:
        error.text = text
        raise


def load(inputs: Inputs, cancelled: Callable[[], bool] = lambda: False) -> Case:
    """Load without a screen; complain of what cannot be read, and give up where nothing can.

    Args:
        inputs: What to load.
        cancelled: Asked now and then; loading ends when it says so.
    """
    from logonscope.readers.evtx_apart import begin_apart

    begin_apart()
    from logonscope.case.case import Case

    case = Case(inputs.paths, inputs.stdin, options=inputs.options, cache=kept_cases(inputs))
    try:
        case.load(report=_show_progress if sys.stderr.isatty() else lambda progress: None, cancelled=cancelled)
        if (salvage := salvage_wanted()) and not cancelled():
            case.salvage(cancelled, in_sessions=salvage == "sessions")
        if case.cache_remark:
            click.echo(f"logonscope: {sanitise(case.cache_remark)}.", err=True)
        for error in case.unreadable:
            complain(error)
        for source in case.sources:
            for note in source.notes if source.kind != "evtx" else ():  # a log's own header is no news to a pipe
                click.echo(f"logonscope: {sanitise(str(source.path))}: {sanitise(note)}", err=True)
        if not case.sources:
            raise click.exceptions.Exit(NOTHING_READ)
        if case.left_out:
            click.echo(f"logonscope: {cut_text(case)}.", err=True)
    except BaseException:
        case.close()
        raise
    return case


def kept_cases(inputs: Inputs) -> KeptCases | None:
    """Where cases are kept for the next start; None where this one is loaded anew: what salvage adds is not kept."""
    if not inputs.uses_cache or inputs.stdin is not None or salvage_wanted():
        return None
    from logonscope.cache.cache_settings import cache_settings_from
    from logonscope.cache.kept_cases import user_cases
    from logonscope.config import config_file, read_config

    entries, _ = read_config(config_file())
    settings, _ = cache_settings_from(entries)
    return user_cases(settings.most_bytes)


def cut_text(case: Case) -> str:
    """Of which part of the logs a case is, and how much is not in it, sanitised."""
    return sanitise(f"only a part is loaded ({case.options.cut}): {plural(case.left_out, 'record')} left out")


def complain(error: LogonscopeError) -> None:
    """Say what went wrong, on standard error."""
    click.echo(f"logonscope: {sanitise(error.message)}. {sanitise(error.advice)}".rstrip(), err=True)


def _show_progress(progress: LoadProgress) -> None:
    line = (
        f"{plural(progress.records, 'record')}, {bytes_text(progress.bytes_done)} of {bytes_text(progress.bytes_total)}"
        if progress.stage == "reading"
        else "rebuilding sessions"
    )
    sys.stderr.write(f"\r\x1b[K{line}" if progress.stage in ("reading", "sessions") else "\r\x1b[K")
    sys.stderr.flush()
