"""Where an error came from, without what it says: messages and values may be a log's."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def trace_lines(error: BaseException, *, messages: bool = False) -> Iterator[str]:
    """The types of an error and of those behind it, each with the places in the code that it passed.

    Args:
        error: The error.
        messages: Whether to tell what they say, too; not sanitised.
    """
    chain: BaseException | None = error
    while chain is not None:
        kind = f"{type(chain).__module__}.{type(chain).__name__}"
        yield f"{kind}: {chain}" if messages else kind
        for frame in traceback.extract_tb(chain.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        chain = chain.__cause__ or chain.__context__
