"""The themes: each for terminals of many colours, and what takes its place where there are 16 or none."""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme

from logonscope.ui.terminal import wants_no_color

AUTO = "auto"
_COLOUR_BLIND = Theme(
    name="logonscope-colour-blind",
    primary="#56B4E9",
    secondary="#0072B2",
    accent="#CC79A7",
    foreground="#E8E8E8",
    background="#101010",
    surface="#181818",
    panel="#262626",
    warning="#F0E442",
    error="#FF9E3D",
    success="#56B4E9",
    dark=True,
)
"""Blue, yellow and orange (after Okabe and Ito): they differ in every common kind of colour blindness, and in grey."""

OWN_THEMES = (_COLOUR_BLIND,)


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """A theme that can be chosen."""

    name: str
    help: str
    many: str
    """Textual's name of the theme for 256 and more colours."""
    few: str
    """That for 16 colours or none: blends come out at random there, so the terminal's own colours are used."""


THEMES: dict[str, ThemeChoice] = {
    choice.name: choice
    for choice in (
        ThemeChoice(AUTO, "dark, or the terminal's own colours where it has 16 or none", "textual-dark", "ansi-dark"),
        ThemeChoice("dark", "dark", "textual-dark", "ansi-dark"),
        ThemeChoice("light", "light", "textual-light", "ansi-light"),
        ThemeChoice(
            "colour-blind", "blue, yellow and orange on black, for every eye", "logonscope-colour-blind", "ansi-dark"
        ),
        ThemeChoice("16-colours", "the terminal's own 16 colours, on dark", "ansi-dark", "ansi-dark"),
        ThemeChoice("16-colours-light", "the terminal's own 16 colours, on light", "ansi-light", "ansi-light"),
    )
}
"""All themes by name."""


def theme_for(color_system: str | None, wanted: str = AUTO) -> str:
    """The theme for a terminal.

    Args:
        color_system: Rich's name for its colours: ``truecolor``, ``256``, ``standard`` or None.
        wanted: A name of ``THEMES``.

    Returns:
        A theme of Textual, or one of ``OWN_THEMES``.
    """
    choice = THEMES[wanted]
    return choice.few if color_system in (None, "standard") or wants_no_color() else choice.many


def next_theme(name: str) -> str:
    """The theme after one."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)]
