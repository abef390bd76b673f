"""A place in an object store, as far as a lake needs it; a lake lies there or in a folder.

Whatever fsspec reads will do: s3://, gs://, abfs://, memory://. How a store is reached, and with which rights, its own
configuration and environment say. An object appears when all of it is there, and nothing can be renamed.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from logonscope.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_EXTRA = "Install what it needs: pip install 'logonscope[fleet]'"


def is_address(text: str) -> bool:
    """Whether a name is an address and no path."""
    return bool(_SCHEME.match(text)) and not text.startswith("file://")


@dataclass(frozen=True, slots=True)
class Address:
    """An object of a store, or all that are below it. Every method that asks the store raises ``OSError``."""

    text: str

    def __truediv__(self, name: str) -> Address:
        return Address(f"{self.text}/{name}")

    def __str__(self) -> str:
        return self.text

    def read_bytes(self) -> bytes:
        """What is there; ``FileNotFoundError`` where nothing is."""
        return self.read_range(None, None)

    def read_range(self, start: int | None, end: int | None) -> bytes:
        """A part of it, in bytes."""
        with self._asked() as (system, place):
            content: bytes = system.cat_file(place, start=start, end=end)
            return content

    def write_bytes(self, content: bytes) -> None:
        """Replace what is there."""
        with self._asked() as (system, place):
            system.pipe_file(place, content)

    def create(self, content: bytes) -> bool:
        """Write what is not there yet; says whether it was not, as far as the store decides between two."""
        with self._asked() as (system, place):
            if system.exists(place):
                return False
            try:
                system.pipe_file(place, content, mode="create")
            except FileExistsError:
                return False
            return True

    def exists(self) -> bool:
        """Whether something is there."""
        with self._asked() as (system, place):
            return bool(system.exists(place))

    def size(self) -> int:
        """Of what is there, in bytes."""
        with self._asked() as (system, place):
            return int(system.info(place)["size"])

    def upload(self, file: Path) -> None:
        """Replace what is there with a file."""
        with self._asked() as (system, place):
            system.put_file(str(file), place)

    def download(self, file: Path) -> None:
        """Copy what is there into a file."""
        with self._asked() as (system, place):
            system.get_file(place, str(file))

    def sizes(self) -> dict[str, int]:
        """The objects below, by the rest of their addresses, with their sizes in bytes."""
        with self._asked() as (system, place):
            system.invalidate_cache()
            found = system.find(place, detail=True)
            system.invalidate_cache()  # others write there, and what was not listed would not be found
            return {path[len(place) :].strip("/"): int(facts.get("size") or 0) for path, facts in found.items()}

    def remove(self) -> None:
        """Remove what is there, if it is."""
        with self._asked() as (system, place):
            if system.exists(place):
                system.rm_file(place)

    def remove_below(self, names: Iterable[str]) -> None:
        """Remove some objects below; a store with a request for many at once is asked so."""
        with self._asked() as (system, place):
            if paths := [f"{place}/{name}" for name in names]:
                system.rm(paths)

    @contextmanager
    def _asked(self) -> Iterator[tuple[Any, str]]:
        """Its file system, and the path there.

        Raises:
            StoreError: There is no program for such addresses.
        """
        try:
            import_module("fsspec.core")
        except ImportError as error:
            raise StoreError(f"{self}: an address is read by fsspec, which is not installed", _EXTRA) from error
        scheme, _, rest = self.text.partition("://")
        try:
            system = _system(f"{scheme}://{rest.partition('/')[0]}")
        except (ImportError, ValueError) as error:
            raise StoreError(f"{self}: {error}", "Install what reads such addresses, or check the spelling.") from error
        try:
            yield system, system._strip_protocol(self.text)
        except OSError:
            raise
        except Exception as error:  # each store has errors of its own
            raise OSError(f"{type(error).__name__}: {error}") from error


@cache
def _system(store: str) -> Any:
    """The file system of a store, one for all threads: each would else have connections of its own."""
    return import_module("fsspec.core").url_to_fs(store)[0]


LakePlace = Path | Address
"""Where a lake lies."""


def lake_place(text: str) -> LakePlace:
    """The place that a name stands for.

    Raises:
        StoreError: It is an address of a whole store.
    """
    if not is_address(text):
        return Path(text.removeprefix("file://"))
    place = text.rstrip("/")
    if place.endswith(":"):
        raise StoreError(f"{text}: this is a whole store", "Name a place in it: s3://bucket/lake.")
    return Address(place)


class AddressPath(type(Path())):  # type: ignore[misc] # the kind of path of this system
    """An address among the paths of a case, which shows and keeps it as it is: a path makes one slash of two."""

    _text = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """The path that stands for an address."""
        path = cls(text)
        path._text = text
        return path

    def __str__(self) -> str:
        return self._text or super().__str__()

    def absolute(self) -> Self:
        """Itself."""
        return self

    def resolve(self, strict: bool = False) -> Self:
        """Itself."""
        return self


def case_path(text: str) -> Path:
    """A name as a case has it."""
    return AddressPath.of(text) if is_address(text) else Path(text.removeprefix("file://"))
