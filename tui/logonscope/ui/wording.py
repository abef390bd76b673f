"""What is said of a list: how many rows it has, how many more there are, why it is empty; and of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.case.view import Scope
from logonscope.display import plural, sanitise
from logonscope.errors import LogonscopeError
from logonscope.ui.panes import LISTS

if TYPE_CHECKING:
    from logonscope.case.case import Case
    from logonscope.case.view import View
    from logonscope.ui.pane_list import PaneList
    from logonscope.ui.settings import Settings
    from logonscope.ui.shown import Shown


def count_text(pane: PaneList, shown: Shown, all_sessions: int, settings: Settings) -> str:
    """How many rows the present list has.

    Args:
        pane: The list.
        shown: What it shows.
        all_sessions: How many sessions fit the filter, whatever their kind.
        settings: The keys to name.
    """
    if pane.count is None:
        return ""
    hits = pane.hit_count
    if hits < pane.count:
        return f"{plural(hits, 'event')} (>) with {shown.around} around: {pane.count:,} rows"
    if pane.goes_on:
        what = "looking for more" if pane.awaits_more else "there are more: filter by machine or time"
        return f"the first {plural(pane.count, LISTS[shown.pane].noun)}, {what}"
    if shown.pane != "sessions":
        return plural(pane.count, LISTS[shown.pane].noun)
    return _sessions_text(pane.count, all_sessions, shown.view("sessions"), settings.key("scope"))


def _sessions_text(count: int, all_sessions: int, view: View, more: str) -> str:
    """How many sessions are listed, of which kind, and how many are not; ``more`` is the key that shows them."""
    scope = view.effective_scope
    if scope is Scope.VISITS:
        return f"{plural(count, 'stay or visit', 'stays and visits')} ({more} for the single contacts)"
    what = plural(count, "stay" if scope is Scope.STAYS else "session")
    hidden = all_sessions - count
    return f"{what}, {hidden:,} others hidden ({more})" if hidden > 0 else what


def empty_text(
    pane: str, *, is_loaded: bool, has_sources: bool, is_filtered: bool, hidden: int, settings: Settings
) -> str:
    """Why a list is empty, and which key helps.

    Args:
        pane: The list's name.
        is_loaded: Whether loading has ended.
        has_sources: Whether anything could be read.
        is_filtered: Whether a filter holds.
        hidden: How many sessions fit it that are of no kind that is listed.
        settings: The keys to name.
    """
    key = settings.key
    if not is_loaded:
        return "Loading ..."
    if not has_sources:
        return f"Nothing could be read. Press {key('problems')} for the reasons."
    if is_filtered and pane == "sessions" and hidden:
        return f"Only hidden sessions fit. Press {key('scope')} for them, {key('filter.clear')} to remove the filter."
    if is_filtered:
        return f"Nothing fits this filter. Press {key('filter.clear')} to remove it, {key('filter.undo')} to go back."
    if pane == "sessions":
        return f"No stay of a person. Press {key('scope')} for all other sessions."
    return f"No {LISTS[pane].noun}s." if pane in LISTS else ""


def part_text(case: Case) -> str:
    """Of which part of the logs a case is, sanitised; empty for all of them."""
    return f"only {sanitise(str(case.options.cut))}" if case.options.cut else ""


def error_text(error: Exception) -> str:
    """What is said of an error; it may hold texts of a log."""
    if isinstance(error, LogonscopeError):
        return f"{error.message}. {error.advice}".rstrip()
    return f"{type(error).__name__}: {error}"
