"""The terminal at the other end: how many colours it has, and whether it is still there."""

from __future__ import annotations

import os
import sys


def wants_no_color() -> bool:
    """Whether the user asked programs for no colour (no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def is_over_ssh() -> bool:
    """Whether the terminal is at the other end of a line that may be slow."""
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


def is_gone() -> bool:
    """Whether the terminal was closed while signals were ignored (nohup): the app would run on for nobody."""
    stream = sys.__stdin__
    return stream is not None and not os.isatty(stream.fileno())


def draws_blocks() -> bool:
    """Whether block characters reach the terminal, which the screen is drawn on through standard error."""
    encoding = getattr(sys.__stderr__, "encoding", None) or ""
    return encoding.lower().replace("-", "") == "utf8"
