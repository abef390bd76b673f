"""Reading of the program's TOML files, and of plain values, into typed ones."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from threading import Lock
from typing import Any, TypeVar

import msgspec

from logonscope.errors import KnowledgeError

T = TypeVar("T")
_ONE_AT_A_TIME = Lock()
"""msgspec crashes the process when two threads meet a struct type for the first time at once (measured, 0.22)."""


def load(name: str, shape: type[T], package: str = "logonscope.knowledge") -> T:
    """Read one TOML file of the program.

    Args:
        name: The file's name, e.g. ``events.toml``.
        shape: The msgspec struct that the file must fit.
        package: The package that it lies in.

    Returns:
        The file's contents.

    Raises:
        KnowledgeError: The file does not fit the shape; says where.
    """
    text = files(package).joinpath(name).read_text("utf-8")
    try:
        return fitted(tomllib.loads(text), shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KnowledgeError(f"{package.rpartition('.')[2]}/{name}: {error}") from error


def fitted(value: Any, shape: type[T]) -> T:
    """A plain value, as TOML and JSON give it, as a typed one.

    Raises:
        msgspec.ValidationError: It does not fit.
    """
    with _ONE_AT_A_TIME:
        return msgspec.convert(value, shape)
