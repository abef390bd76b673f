"""Keys by name: how they are written in the settings, how they are printed, and the keys of the lists themselves."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from textual.binding import Binding
from textual.keys import Keys

_PRINTED = {
    "slash": "/",
    "question_mark": "?",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Bksp",
    "colon": ":",
    "tab": "Tab",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
    "insert": "Ins",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "full_stop": ".",
    "comma": ",",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "at": "@",
}
_NAMED = {printed.lower(): name for name, printed in _PRINTED.items() if len(printed) > 1} | {
    name: name for name in (*_PRINTED, *(key.value for key in Keys if not key.value.startswith("<")))
}
_MODIFIERS = ("ctrl", "shift", "alt")


@dataclass(frozen=True, slots=True)
class Keyed:
    """Something that keys do."""

    id: str
    """Stable name, for the settings."""
    keys: tuple[str, ...]
    """Textual's names of the keys."""
    action: str
    """What to call: ``action_...`` of the screen or the list."""
    label: str
    """One or two words for the footer."""
    help: str
    """A sentence for the help and the palette."""

    @property
    def shown_keys(self) -> str:
        """The keys as they are printed on a keyboard."""
        return " ".join(map(printed_key, self.keys))


def printed_key(key: str) -> str:
    """A key as it is printed on a keyboard: ``^P`` for ``ctrl+p``."""
    *modifiers, base = key.split("+")
    shown = _PRINTED.get(base, base.upper() if modifiers and len(base) == 1 else base)
    marks = "".join("^" if modifier == "ctrl" else f"{modifier.capitalize()}+" for modifier in modifiers)
    return marks + shown


def key_name(typed: str) -> str | None:
    """Textual's name of a key.

    Args:
        typed: A character (``/``, ``O``), a name (``Enter``, ``pagedown``, ``f5``), or one of these after
            ``ctrl+``, ``shift+``, ``alt+`` or ``^``.

    Returns:
        The name, or None if there is no such key.
    """
    if len(typed) > 1 and typed.startswith("^"):
        typed = f"ctrl+{typed[1:].lower()}"
    modifiers, _, base = (typed[:-2], "", "+") if typed == "+" or typed.endswith("++") else typed.rpartition("+")
    if modifiers and any(modifier.lower() not in _MODIFIERS for modifier in modifiers.split("+")):
        return None
    if base == ",":  # which parts keys in a binding
        name = "comma"
    elif len(base) == 1 and base.isprintable() and base != " ":
        name = next(iter(Binding.make_bindings([Binding(base, "")]))).key
    else:
        name = _NAMED.get(base.lower(), "")
    prefix = f"{modifiers.lower()}+" if modifiers else ""
    return f"{prefix}{name}" if name else None


def nearest_key(typed: str) -> str:
    """The name of a key that is most like what was typed, or nothing."""
    return next(iter(get_close_matches(typed.lower(), _NAMED, 1)), "")


MOVES: tuple[Keyed, ...] = (
    Keyed("list.up", ("up", "k"), "move(-1)", "Up", "one row up"),
    Keyed("list.down", ("down", "j"), "move(1)", "Down", "one row down"),
    Keyed("list.left", ("left",), "move_cell(-1)", "Left", "one cell to the left; + - = filter by the cell"),
    Keyed("list.right", ("right",), "move_cell(1)", "Right", "one cell to the right"),
    Keyed("list.page-up", ("pageup",), "move_page(-1)", "Page up", "one page up"),
    Keyed("list.page-down", ("pagedown",), "move_page(1)", "Page down", "one page down"),
    Keyed("list.first", ("home",), "move_to_end(False)", "First", "the first row"),
    Keyed("list.last", ("end", "G"), "move_to_end(True)", "Last", "the last row"),
)
"""What the keys of every list do; a list takes them before the screen does."""


def bindings_of(keyed: tuple[Keyed, ...], *, show: bool = True) -> list[Binding]:
    """Actions as Textual bindings, each under the action's ID; those without keys are left out."""
    return [
        Binding(",".join(one.keys), one.action, one.label, show=show, tooltip=one.help, id=one.id)
        for one in keyed
        if one.keys
    ]
