"""The files of a lake at an address, as DuckDB reads them: what it asks for, and no listing in between."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fsspec import AbstractFileSystem

from logonscope.lake.address import Address

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

_NEVER_CHANGED = datetime(2000, 1, 1, tzinfo=UTC)
_SETTINGS = (
    "SET GLOBAL autoinstall_known_extensions = false",
    "SET GLOBAL autoload_known_extensions = false",
    "SET GLOBAL parquet_metadata_cache = true",
    "SET GLOBAL cache_local_files = true",  # DuckDB takes these for local
    "SET GLOBAL external_file_cache_local_max_block_size = 2097152",
)


def show_address(con: duckdb.DuckDBPyConnection, lake: Address, sizes: Mapping[str, int]) -> None:
    """Let a database read what lies below an address, and keep in its memory what it has read.

    Args:
        con: Any connection to it.
        lake: The address.
        sizes: In bytes, of objects below it that are known.
    """
    for setting in _SETTINGS:
        con.execute(setting)
    con.register_filesystem(_AddressFiles(lake, sizes))


class _AddressFiles(AbstractFileSystem):  # type: ignore[misc] # of an untyped package
    """Files that never change: each change of a lake gives new names."""

    cachable = False

    def __init__(self, lake: Address, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.protocol = lake.text.partition("://")[0]
        self._sizes = {str(lake / name): size for name, size in sizes.items()}

    def glob(self, path: str, **_: Any) -> list[str]:
        """The path: a lake names all its files."""
        return [path]

    def exists(self, path: str, **_: Any) -> bool:
        """Whether it is there; who opens it will see."""
        return True

    def isfile(self, path: str) -> bool:
        """The same."""
        return True

    def size(self, path: str) -> int:
        """Bytes, asked for once."""
        if path not in self._sizes:
            self._sizes[path] = Address(path).size()
        return self._sizes[path]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """What is known of it."""
        return {"name": path, "size": self.size(path), "type": "file"}

    def modified(self, path: str) -> datetime:
        """Always the same."""
        return _NEVER_CHANGED

    def open(self, path: str, mode: str = "rb", **_: Any) -> _Opened:
        """Open it to be read."""
        if mode != "rb":
            raise PermissionError(f"{path}: DuckDB only reads here")
        return _Opened(Address(path), self.size(path))


class _Opened:
    """An object that is read in ranges, each by one request.

    Args:
        address: Of the object.
        size: In bytes.
    """

    def __init__(self, address: Address, size: int) -> None:
        self._address = address
        self._size = size
        self._place = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place in it."""
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def seekable(self) -> bool:
        """It is."""
        return True

    def read(self, length: int = -1) -> bytes:
        """Read from there on."""
        end = self._size if length < 0 else min(self._size, self._place + length)
        content = self._address.read_range(self._place, end) if end > self._place else b""
        self._place += len(content)
        return content

    def close(self) -> None:
        """Nothing is held."""
