"""The help: keys, filters, grades; written from the registries, so that it cannot be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from logonscope.filters.fields import FIELDS
from logonscope.filters.groups import groups
from logonscope.knowledge.attendance import attendance_words
from logonscope.knowledge.ends import end_kinds
from logonscope.ui.commands import ALL_PANES, CHIPS, FACETS, OVER, TYPING
from logonscope.ui.panes import TITLES
from logonscope.ui.screens.text import TextScreen
from logonscope.ui.terminal import draws_blocks
from logonscope.ui.widgets.presence_bar import presence_glyph
from logonscope.ui.widgets.timeline import LANE_MOVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.ui.commands import Command
    from logonscope.ui.settings import Settings

_KEY_WIDTH = 17
_FILTER_RULES = (
    "Words beside each other must all fit. or, not, - before a term, and ( ) do what they say.",
    "A comma gives several values: event:4624,4634. * and ? stand in; /.../ is a regular expression.",
    "A word without a field is searched in the whole record. Put text with blanks or colons in quotes.",
    "In quotes, backslash quote and two backslashes stand for themselves; \\u{1b} is the character of that number.",
    "Times are UTC. -2h counts back from the end of the log.",
    "A session fits a field of events when one of its records does, and the other way round.",
)

_SESSION_RULES = (
    "T marks a session whose beginning is not in the log.",
    "Lasted: 8h 25m is known; >=2h 05m is a lower limit; 1h..3h lies between, rounded away from each other.",
    "Tokens: 2 are the limited and the elevated one of one person; +3 are logons that only served it.",
    "A visit takes together what one account did over the network from one source; h shows visits, Enter its contacts.",
)


_STRIP_RULES = (
    "Its bars are the rows of the list in front, under its filter; heights grow with the square root of counts.",
    "Below them: . : ! few, some and most refused logons, X a crash, 0 a cleared log (of all users and sources).",
    "The part in reverse is where the rows on the screen lie; a bar in red is half failures or more.",
)

_ABOUT = {
    "events": "Every record, in the order of time. Refusals and failures bear a !, gaps and clears a ^.",
    "sessions": "One row is one stay of one person. A ^ marks an end by crash or by a sudden reboot.",
    "types": "How often each logon type was granted and refused under the present filter.",
    "boots": "When each machine ran, and how that is known. A ^ marks a bad end, or logon IDs that were used again.",
    "coverage": "What the logs cover, and what is missing, cleared, lost or not audited.",
    "timeline": "One lane is one user, or one machine. Stays that overlap stand one above the other; the letter"
    " where one begins is its type: c console, r Remote Desktop, u unlock, i another identity; < it began before the"
    " log, > it is still on, ? it may have been on, X it ended in a crash. . : ! are few, some, most refused logons.",
}
"""What is to be seen in a pane."""


_SPECIAL = (
    ("While a filter is typed", TYPING),
    ("In the list of the filter's parts (C)", CHIPS),
    ("In the facets (f)", FACETS),
)


class HelpScreen(TextScreen):
    """Keys in force, those of the present pane first; filters; grades.

    Args:
        settings: The keys in force.
        pane: The present pane.
    """

    def __init__(self, settings: Settings, pane: str) -> None:
        super().__init__("Help", help_text(settings, pane))


def help_text(settings: Settings, pane: str) -> Text:
    """The whole help."""
    text = Text()
    _heading(text, f"This pane: {TITLES[pane]}")
    if pane in _ABOUT:
        text.append(f"  {_ABOUT[pane]}\n")
    here = [command for command in settings.commands if pane in command.panes]
    _commands(text, [command for command in here if command.panes != ALL_PANES])
    for move in LANE_MOVES if pane == "timeline" else ():
        _entry(text, move.shown_keys, move.help)
    _heading(text, "In every list")
    for move in settings.moves:
        _entry(text, move.shown_keys, move.help)
    _entry(text, "Tab", "to the detail and back, to scroll it")
    _heading(text, "In every pane")
    _commands(text, [command for command in here if command.panes == ALL_PANES])
    _heading(text, "In other panes")
    _commands(text, [command for command in settings.commands if command not in here])
    for heading, keys_of in _SPECIAL:
        _heading(text, heading)
        for keys, does in keys_of:
            _entry(text, keys, does)
    _heading(text, "In a list over the browser: evidence, who, trace, cards, first seen, problems")
    for keys, does in OVER:
        _entry(text, keys, does)
    _heading(text, "The strip over the lists")
    for rule in _STRIP_RULES:
        text.append(f"  {rule}\n")
    _heading(text, "Filters")
    for rule in _FILTER_RULES:
        text.append(f"  {rule}\n")
    for field in FIELDS:
        also = f" (also {', '.join(field.aliases)})" if field.aliases else ""
        _entry(text, f"{field.name}:", f"{field.takes}{also}. {field.example}")
    _heading(text, "Groups of is:")
    for group in groups().values():
        _entry(text, f"is:{group.name}", group.sentence)
    _heading(text, "How we know when a session ended (column G)")
    for kind in end_kinds().values():
        _entry(text, f"{kind.grade}  {kind.evidence}", kind.shown)
    for line in _SESSION_RULES:
        text.append(f"  {line}\n")
    _heading(text, "The presence bar in the detail of a stay")
    for state, words in attendance_words().state.items():
        _entry(text, presence_glyph(state, blocks=draws_blocks()), words)
    return text


def _commands(text: Text, commands: Sequence[Command]) -> None:
    for command in commands:
        _entry(text, command.shown_keys or "(palette)", command.help)


def _heading(text: Text, words: str) -> None:
    text.append(f"{words}\n" if not text.plain else f"\n{words}\n", "bold underline")


def _entry(text: Text, name: str, explained: str) -> None:
    text.append(f"  {name:{_KEY_WIDTH}} ", "bold")
    text.append(f"{explained}\n")
