"""``logonscope report``: one page with all that was found, how it is known, and what it was made from."""

from __future__ import annotations

import shlex
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logonscope.commands import inputs as loading
from logonscope.commands.case_option import case_file_of, case_option
from logonscope.commands.inputs import Inputs, loading_options, marking, parsed
from logonscope.commands.outputs import EXIT_CODES, FILTER_HELP
from logonscope.commands.questions import Questions, question_options
from logonscope.display import sanitise
from logonscope.errors import FilterError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import TextIO

    from logonscope.case.case import Case
    from logonscope.case.case_file import CaseFile
    from logonscope.facts.beside import Beside
    from logonscope.report.asked import Asked

_EXAMPLES = """\b
Examples:
  logonscope report LOGS -o report.html
  logonscope report LOGS user:alice -o alice.md --zone machine
"""


@click.command(epilog=f"{_EXAMPLES}\n\n{FILTER_HELP}\n\n{EXIT_CODES}")
@loading_options
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), help="Write to this file, not in the evidence."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option(
    "--format", "form", type=click.Choice(("html", "md")), help="The file's name says it where this does not."
)
@click.option("--zone", "zone_text", metavar="ZONE", help="Beside UTC: Europe/Berlin, +02:00, machine, or none.")
@case_option
@question_options
def report(
    inputs: Inputs,
    file: Path | None,
    force: bool,
    form: str | None,
    zone_text: str | None,
    case_path: Path | None,
    questions: Questions,
) -> None:
    """Write a report: one self-contained page (HTML), or Markdown.

    Coverage and its limits come first, then who was on when, stays, refused logons, findings with their records,
    bookmarks and notes, the method, and the files with their SHA-256. The page asks the network for nothing. A filter
    holds for the stays and the drawings.
    """
    from logonscope.export.target_file import check_target, open_text_target
    from logonscope.report.asked import Watch
    from logonscope.report.contents import gather
    from logonscope.report.rendering import form_of, render

    form = form or (form_of(file) if file else "html")
    if file is not None:
        check_target(file, inputs.paths, force)
    elif sys.stdout.isatty():
        raise click.UsageError("A report is not for terminals: write it to a file with -o, or into a pipe.")
    kept = case_file_of(inputs.paths, case_path)
    parsed(inputs.filter_text)
    with loading.load(inputs) as case, marking(inputs.filter_text):
        found = gather(case, _asked(inputs, questions, kept, _beside(case, kept, zone_text)), Watch(_say))
        target: AbstractContextManager[TextIO] = (
            nullcontext(sys.stdout) if file is None else open_text_target(file, inputs.paths, force)
        )
        with target as out:
            out.writelines(render(found, form))
        _say("")
    questions.exit(found.outcome)


def _asked(inputs: Inputs, questions: Questions, kept: CaseFile, beside: Beside) -> Asked:
    from logonscope.case.bookmarks import BookmarkFile
    from logonscope.case.dismissed import DismissedFile
    from logonscope.report.asked import Asked

    return Asked(
        parsed(inputs.filter_text),
        inputs.filter_text,
        shlex.join(["logonscope", *sys.argv[1:]]),
        shlex.join(map(str, inputs.paths)) or "-",
        beside,
        questions.own,
        BookmarkFile(kept).read(),
        DismissedFile(kept).read(),
    )


def _beside(case: Case, kept: CaseFile, typed: str | None) -> Beside:
    """What was typed, or else what the browser wrote beside UTC last."""
    from logonscope.case.remembered import recall
    from logonscope.facts.beside import Beside, find_zone

    if typed is None:
        shown = recall(kept, case.paths)
        typed = shown.zone if shown.beside == "zone" else shown.beside
    match typed:
        case "" | "none":
            return Beside()
        case "machine":
            return Beside("machine", case.over_time.machine_zones())
        case "end":
            return Beside("end", log_end=case.lookup().log_end)
    try:
        name, zone = find_zone(typed)
    except FilterError as error:
        raise click.BadParameter(sanitise(f"{error.message}. {error.advice}"), param_hint="--zone") from error
    return Beside("zone", zone=zone, zone_name=name)


def _say(step: str) -> None:
    """Tell somebody who watches what is being gathered."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[Kreport: {step}" if step else "\r\x1b[K")
        sys.stderr.flush()
