"""The reading process: reads and normalises what it is told to, until nobody is there to tell it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from logonscope.garbage import rare_collections
from logonscope.own_process import fall_silent, limit_memory, limit_seconds

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

SECONDS = 4
"""Of processor time, for one task: ten times what a full one takes."""
_BYTES = 1 << 30


def serve(connection: Connection, folder: Path) -> None:
    """Answer each list of parts with a list of what came of them and the path of their events.

    Args:
        connection: To who asks.
        folder: A private folder for the events.
    """
    fall_silent()
    limit_memory(_BYTES)
    # Here, since whoever starts processes imports this module, and needs none of what these do.
    from logonscope.ahead.known_forms import KnownForms
    from logonscope.ahead.reading import read_parts

    number, forms = 0, KnownForms()
    with rare_collections(), suppress(EOFError, OSError):
        connection.send(None)
        while True:
            parts = connection.recv()
            number += 1
            limit_seconds(SECONDS)
            connection.send(read_parts(parts, folder / f"events-{os.getpid()}-{number}.arrow", forms))
