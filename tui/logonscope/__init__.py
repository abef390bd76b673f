"""logonscope: who was on this Windows machine, when, from where, how, for how long, and how we know.

``open_case`` opens event logs from Python; see ``logonscope.api``. It is imported when it is first used.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from logonscope.api import Listed, OpenCase, open_case

__version__ = "0.2.0"
__all__ = ["Listed", "OpenCase", "__version__", "open_case"]

logging.getLogger(__name__).addHandler(logging.NullHandler())  # else what nobody keeps is printed on the screen


def __getattr__(name: str) -> Any:
    if name in __all__:
        from logonscope import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
