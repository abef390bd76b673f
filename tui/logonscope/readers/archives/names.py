"""Names inside of archives, as they are shown; nothing is ever made of such a name but text."""

from __future__ import annotations

import re
from urllib.parse import unquote

_ESCAPED = re.compile(r"(?:^|/)(?:[A-Za-z]|[^/]*%5[Cc]\.%5[Cc][A-Za-z])%3[Aa](?:/|$)")
"""A drive with its colon escaped: so Velociraptor writes names. A bare ``%4`` is part of many logs' own names."""


def shown_parts(name: str) -> tuple[str, ...]:
    """A member's name as parts of a path below its archive, wherever it wants to lead."""
    path = name.replace("\\", "/")
    if _ESCAPED.search(path):
        path = "/".join(unquote(part).replace("/", "%2F") for part in path.split("/"))
    parts = path.replace("\0", "%00").split("/")
    return tuple("(..)" if part == ".." else part for part in parts if part not in ("", "."))
