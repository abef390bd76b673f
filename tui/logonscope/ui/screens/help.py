"""The help: keys, filters, grades; written from the registries, so that it cannot be wrong."""

from __future__ import annotations

from rich.text import Text

from logonscope.filters.fields import FIELDS
from logonscope.filters.groups import groups
from logonscope.knowledge.attendance import attendance_words
from logonscope.knowledge.ends import end_kinds
from logonscope.ui.commands import COMMANDS, MOVES, OVER
from logonscope.ui.screens.text import TextScreen
from logonscope.ui.terminal import draws_blocks
from logonscope.ui.widgets.presence_bar import presence_glyph

_KEY_WIDTH = 17
_FILTER_RULES = (
    "Words beside each other must all fit. or, not, - before a term, and ( ) do what they say.",
    "A comma gives several values: event:4624,4634. * and ? stand in; /.../ is a regular expression.",
    "A word without a field is searched in the whole record. Put text with blanks or colons in quotes.",
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


class HelpScreen(TextScreen):
    """Keys, filters, grades."""

    def __init__(self) -> None:
        super().__init__("Help", help_text())


def help_text() -> Text:
    """The whole help."""
    text = Text()
    _heading(text, "Keys")
    for command in COMMANDS:
        _entry(text, command.shown_keys, command.help)
    _heading(text, "In a list")
    for keys, does in MOVES:
        _entry(text, keys, does)
    _heading(text, "In a list over the browser: evidence, who, trace, problems")
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


def _heading(text: Text, words: str) -> None:
    text.append(f"{words}\n" if not text.plain else f"\n{words}\n", "bold underline")


def _entry(text: Text, name: str, explained: str) -> None:
    text.append(f"  {name:{_KEY_WIDTH}} ", "bold")
    text.append(f"{explained}\n")
