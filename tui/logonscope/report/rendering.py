"""A report as a page (HTML) or as Markdown, piece by piece. Every text of it is sanitised and escaped."""

from __future__ import annotations

import base64
import hashlib
import shlex
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from logonscope.columns import SESSION_COLUMNS
from logonscope.display import plural, sanitise, shorten, time_text
from logonscope.facts.finding import outcome_notes
from logonscope.knowledge.codes import status_text
from logonscope.knowledge.logon_types import logon_type_text
from logonscope.report.markdown import MOST_CHARACTERS, code_span, escape_markdown
from logonscope.report.method import asked_rules, grades, method_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from logonscope.columns import Column
    from logonscope.model import Session
    from logonscope.report.contents import Report

_MARKDOWN = (".md", ".markdown")
_UNSHOWN = ("Role", "Tokens", "Records", "Boot")
_PARTS = (
    ("summary", "Summary"),
    ("coverage", "Coverage and its limits"),
    ("when", "Who was on when"),
    ("stays", "Stays"),
    ("failures", "Refused logons"),
    ("findings", "Findings"),
    ("bookmarks", "Bookmarks"),
    ("dismissed", "Dismissed"),
    ("method", "Method"),
    ("sources", "Sources"),
)
_STRETCHES = (
    ("console", "at the keyboard"),
    ("remote", "Remote Desktop"),
    ("other", "another kind of stay"),
    ("maybe", "possibly still on"),
    ("runs", "Windows ran"),
    ("gap", "records missing, or logging stopped"),
)
_MARKS = (
    ("failure", "refused logon"),
    ("boot", "start"),
    ("crash", "crash"),
    ("cleared", "log cleared"),
    ("contact", "network contact"),
    ("work", "task or service"),
)
_SORT_VALUES: dict[str, Callable[[Session], int | str]] = {
    "start": lambda stay: time_text(stay.start or stay.start_latest),
    "end": lambda stay: time_text(stay.end or stay.end_earliest),
    "lasted": lambda stay: (stay.duration_least or 0) // 1_000_000,
}
STAY_COLUMNS: tuple[Column[Session], ...] = tuple(c for c in SESSION_COLUMNS if c.title not in _UNSHOWN)
"""What is told of a stay: the columns of the pane."""


def form_of(path: Path) -> str:
    """The form that a file's name asks for."""
    return "md" if path.suffix.lower() in _MARKDOWN else "html"


def render(report: Report, form: str) -> Iterator[str]:
    """Write a report out.

    Args:
        report: What it holds.
        form: ``html`` or ``md``.

    Yields:
        Pieces of the text, in order.
    """
    css, js = _template("report.css"), _template("report.js")
    template = _environment(form).get_template(f"report.{form}")
    return template.generate(
        r=report,
        stay="stay" if report.are_stays else "session",
        title=_title(report),
        figures=_figures(report),
        parts=_PARTS,
        stretch_key=_STRETCHES,
        mark_key=_MARKS,
        listed={stay.session_id for stay in report.stays},
        stay_columns=STAY_COLUMNS,
        sort_values=_SORT_VALUES,
        outcome_notes=list(outcome_notes(report.outcome)),
        method_rules=method_rules(),
        grades=grades(),
        asked_rules=asked_rules(report.outcome),
        commands=_commands(report),
        css=Markup(css),  # nosec B704: a file of ours
        css_hash=_csp_hash(css),
        js=Markup(js),  # nosec B704: a file of ours
        js_hash=_csp_hash(js),
    )


@cache
def _template(name: str) -> str:
    return files("logonscope.report").joinpath("templates", name).read_text("utf-8")


@cache
def _environment(form: str) -> Environment:
    is_page = form == "html"
    environment = Environment(  # nosec B701: Markdown is escaped by escape_markdown
        loader=FunctionLoader(_template),
        autoescape=is_page,
        finalize=_clean if is_page else escape_markdown,
        undefined=StrictUndefined,
        trim_blocks=not is_page,
    )
    environment.filters |= {
        "time_text": time_text,
        "plural": plural,
        "status_text": status_text,
        "logon_type_text": logon_type_text,
        "shell": shlex.quote,
        "code": code_span,
        "whole": _whole,
    }
    return environment


def _clean(value: Any) -> Any:
    """What stands in the page: no character of a log acts there, whatever the template forgot, and none fills it."""
    return shorten(sanitise(value), MOST_CHARACTERS) if type(value) is str else value


def _whole(text: str) -> Markup:
    """A command, which is of use only as a whole."""
    return escape(sanitise(text))


def _csp_hash(text: str) -> str:
    """A script or a style as a Content-Security-Policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _title(report: Report) -> str:
    names = [machine.name for machine in report.coverage.machines]
    more = f" and {report.coverage.machines_total - 3:,} more" if report.coverage.machines_total > 3 else ""
    return f"Logons of {', '.join(map(sanitise, names[:3])) or 'no machine'}{more}"


def _figures(report: Report) -> list[tuple[str, str]]:
    grave = [shown.finding.severity for shown in report.standing]
    users = {(stay.account.sid or stay.account.label) for stay in report.stays}
    people = f"{len(users):,}" if report.stays_total == len(report.stays) else f"at least {len(users):,}"
    return [
        ("Machines", f"{report.coverage.machines_total:,}"),
        ("Records", f"{report.read.records:,}"),
        ("Stays of people" if report.are_stays else "Sessions of the filter", f"{report.stays_total:,}"),
        ("Accounts with these", people),
        ("Refused logons", f"{report.attempts:,}"),
        ("Findings", f"{len(grave):,}, {grave.count('high')} high"),
    ]


def _commands(report: Report) -> dict[str, str]:
    """The commands that give all of what a report gives the first rows of."""
    paths = report.asked.paths
    wanted = f" -f {shlex.quote(report.asked.filter_text)}" if report.asked.filter_text else ""
    return {
        "sessions": f"logonscope sessions {paths}{wanted} --format csv",
        "people": f"logonscope sessions {paths}{wanted} --people --format csv",
        "coverage": f"logonscope coverage {paths} --format csv",
        "triage": f"logonscope triage {paths} --format json",
        "findings": f"logonscope findings {paths} --format jsonl",
        "check": f"logonscope check {paths}",
    }
