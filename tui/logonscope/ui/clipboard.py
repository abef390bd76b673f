"""Text handed over to the user: through the terminal (OSC 52) where that can work, else in a private file."""

from __future__ import annotations

import base64
import os
import secrets
from typing import TYPE_CHECKING, Any

from logonscope.display import bytes_text, sanitise
from logonscope.errors import LogonscopeError
from logonscope.state_file import state_folder, write_private

if TYPE_CHECKING:
    from textual.app import App

_LIMIT = 100_000
"""Characters of base64; many terminals drop longer sequences."""
_WITHOUT_CLIPBOARD = frozenset({"linux", "dumb"})


def fits_clipboard(text: str) -> bool:
    """Whether the terminal can be expected to take a text."""
    size = len(text.encode("utf-8", "backslashreplace"))
    return -(-size // 3) * 4 <= _LIMIT and os.environ.get("TERM", "") not in _WITHOUT_CLIPBOARD


def in_tmux() -> bool:
    """Whether tmux stands between us and the terminal."""
    return bool(os.environ.get("TMUX"))


def tmux_sequence(text: str) -> str:
    """OSC 52 wrapped for tmux to pass on, where it is set to (``allow-passthrough``)."""
    encoded = base64.b64encode(text.encode("utf-8", "backslashreplace")).decode("ascii")
    return f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\a\x1b\\"


def hand_over(app: App[Any], text: str, what: str) -> None:
    """Copy a text, and say where it went.

    Args:
        app: The app.
        text: Sanitised.
        what: What the text is, for the message.
    """
    if fits_clipboard(text):
        app.copy_to_clipboard(text)
        said = f"Copied {what} to the clipboard of your terminal, if it allows that (OSC 52)."
        app.notify(said, timeout=3, markup=False)
        return

    def keep() -> None:
        try:
            path = state_folder("copied") / f"{secrets.token_hex(4)}.txt"
            write_private(path, text)
        except LogonscopeError as error:
            app.call_from_thread(app.notify, sanitise(str(error)), severity="error", markup=False)
        else:
            said = f"No clipboard of a terminal takes {bytes_text(len(text))}: {what} stands in {sanitise(str(path))}"
            app.call_from_thread(app.notify, said, timeout=15, markup=False)

    app.run_worker(keep, thread=True, exit_on_error=False, group="copy", description="copy")
