"""Reading of the TOML files beside this module into typed values."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from threading import Lock
from typing import TypeVar

import msgspec

from logonscope.errors import KnowledgeError

T = TypeVar("T")
_ONE_AT_A_TIME = Lock()
"""msgspec crashes the process when two threads meet a struct type for the first time at once (measured, 0.22)."""


def load(name: str, shape: type[T]) -> T:
    """Read one TOML file of the knowledge folder.

    Args:
        name: The file's name, e.g. ``events.toml``.
        shape: The msgspec struct that the file must fit.

    Returns:
        The file's contents.

    Raises:
        KnowledgeError: The file does not fit the shape; says where.
    """
    text = files("logonscope.knowledge").joinpath(name).read_text("utf-8")
    try:
        with _ONE_AT_A_TIME:
            return msgspec.convert(tomllib.loads(text), shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KnowledgeError(f"knowledge/{name}: {error}") from error
