"""Texts in Markdown: nothing in them is taken for markup, a link or a tag."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from logonscope.display import sanitise, shorten

MOST_CHARACTERS = 500
"""Of one text of a log: a forged name must not fill the report."""
_ACTIVE = re.compile(r"([\\`*_\[\]|~])")
"""What acts in the middle of a line; no text of a log stands at the beginning of one."""
_TICKS = re.compile(r"`+")


def escape_markdown(value: Any) -> Any:
    """Write a value so that Markdown shows it as it is; HTML in it is shown too, and no address becomes a link.

    Args:
        value: Anything; a ``Markup`` is markup already and is left alone.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    text = shorten(sanitise(value), MOST_CHARACTERS)
    text = _ACTIVE.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))
    return text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")


def code_span(text: str) -> Markup:
    """A text as code, for a line that is no row of a table."""
    clean = sanitise(text)
    fence = "`" * (max(map(len, _TICKS.findall(clean)), default=0) + 1)
    return Markup(f"{fence} {clean} {fence}" if "`" in clean else f"{fence}{clean}{fence}")  # nosec B704: sanitised, in a fence that it cannot end
