"""Streams that are unpacked while they are read: forward as the bytes come, backward by beginning again."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, BinaryIO, ClassVar, cast
from weakref import WeakSet, finalize

from logonscope.readers.archives.limits import USUAL, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer

    Opener = Callable[[], BinaryIO]
    """Opens the same bytes anew, from their beginning."""
    Unpacker = Callable[[BinaryIO], Iterator[bytes]]
    """Unpacks a packed stream piece by piece, none of them empty."""

BUFFER_BYTES = 1 << 16


class ArchiveError(OSError):
    """An archive, or a member of it, cannot be read (any further)."""


class _Seekable(io.RawIOBase):
    """What the streams here have in common: they are only read, and know their place."""

    position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def _target(self, offset: int, whence: int, size: int | None) -> int:
        if whence == io.SEEK_END:
            if size is None:
                raise io.UnsupportedOperation("the size of this stream is not known")
            offset += size
        elif whence == io.SEEK_CUR:
            offset += self.position
        return max(0, offset)


class Unpacking(_Seekable):
    """A packed stream, unpacked while it is read.

    What came before a fault is handed out, and then the stream ends, as a file that is cut off does. What the fault was
    is raised when the stream is closed; so is a wrong checksum, or a wrong size, once all has been read.

    Args:
        packed: The packed bytes; closed with this stream.
        unpack: Unpacks them.
        size: How many bytes come of it, where that is known.
        crc: Their CRC-32, where that is known.
        limits: What is too much.
    """

    def __init__(
        self,
        packed: BinaryIO,
        unpack: Unpacker,
        size: int | None = None,
        crc: int | None = None,
        limits: Limits = USUAL,
    ) -> None:
        self._packed = packed
        self._unpack = unpack
        self._size = size
        self._expected_crc = crc
        self._limits = limits
        self.fault: OSError | None = None
        self._begin()

    def _begin(self) -> None:
        self._packed.seek(0)
        self._pieces = self._unpack(self._packed)
        self._piece = memoryview(b"")
        self._crc = self._unpacked = self.position = 0
        self._ended = False

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes; 0 at the end, and where it can be read no further."""
        target = memoryview(buffer).cast("B")
        if not len(target) or not self._has_piece():
            return 0
        count = min(len(target), len(self._piece))
        target[:count] = self._piece[:count]
        self._move(count)
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; forward by unpacking what lies between."""
        target = self._target(offset, whence, self._size)
        if target < self.position:
            self._begin()
        while self.position < target and self._has_piece():
            self._move(min(target - self.position, len(self._piece)))
        return self.position

    def _move(self, count: int) -> None:
        self._piece = self._piece[count:]
        self.position += count
        if self.position == self._size and not self._ended and not self._piece:
            self._next_piece()  # to see the fault at the end, whether or not somebody reads on

    def _has_piece(self) -> bool:
        if not self._piece and not self._ended:
            self._next_piece()
        return bool(self._piece)

    def _next_piece(self) -> None:
        try:
            piece = next(self._pieces, b"")
            self._unpacked += len(piece)
            self._crc = zlib.crc32(piece, self._crc)
            self._check_limits()
            if not piece:
                self._ended = True
                self._check_end()
            self._piece = memoryview(piece)
        except Exception as error:  # each library has errors of its own
            self._ended = True
            self.fault = error if isinstance(error, OSError) else ArchiveError(_words(error))

    def _check_limits(self) -> None:
        limits, count = self._limits, self._unpacked
        if count > limits.unpacked_bytes:
            raise ArchiveError(f"it unpacks to more than {limits.unpacked_bytes:,} bytes (--unpack-limit)")
        if count > limits.ratio_from and count > limits.ratio * self._packed.tell():
            raise ArchiveError(f"it unpacks to more than {limits.ratio} times its size, as a zip bomb does")

    def _check_end(self) -> None:
        if self._size is not None and self._unpacked != self._size:
            raise ArchiveError(f"{self._unpacked:,} bytes came out of the archive, {self._size:,} were promised")
        if self._expected_crc is not None and self._crc != self._expected_crc:
            raise ArchiveError("its contents do not fit its checksum in the archive")

    def close(self) -> None:
        """Close it and the packed stream, and raise the fault that was met."""
        if self.closed:
            return
        try:
            self._packed.close()
        finally:
            super().close()
        if self.fault:
            raise self.fault


def _words(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it is cut off"
    return f"it is damaged: {error}" if str(error) else "it is damaged"


def unpacking(
    packed: BinaryIO, unpack: Unpacker, size: int | None = None, crc: int | None = None, limits: Limits = USUAL
) -> BinaryIO:
    """The same, with a buffer."""
    return cast("BinaryIO", io.BufferedReader(Unpacking(packed, unpack, size, crc, limits), BUFFER_BYTES))


class Section(_Seekable):
    """A stretch of another stream.

    Args:
        whole: The other stream; nobody else may move it meanwhile.
        offset: Where the stretch begins.
        size: How many bytes it has.
        done: Called when it is closed, with the other stream.
    """

    def __init__(self, whole: BinaryIO, offset: int, size: int, done: Callable[[BinaryIO], None]) -> None:
        self._whole = whole
        self._offset = offset
        self._size = size
        self._done = done
        whole.seek(offset)

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes; 0 at the end of the stretch."""
        target = memoryview(buffer).cast("B")
        wanted = min(len(target), max(0, self._size - self.position))
        found = self._whole.read(wanted)
        if wanted and not found:
            _raise_fault(self._whole)
        target[: len(found)] = found
        self.position += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self.position = self._target(offset, whence, self._size)
        self._whole.seek(self._offset + min(self.position, self._size))
        return self.position

    def close(self) -> None:
        """Give the other stream back."""
        if not self.closed:
            super().close()
            self._done(self._whole)


def _raise_fault(whole: BinaryIO) -> None:
    unpacking = getattr(whole, "raw", None)
    if isinstance(unpacking, Unpacking) and unpacking.fault:
        raise ArchiveError(*unpacking.fault.args)


class Lender:
    """Lends one stream to who reads a stretch of it, so that stretches read in order cost one pass over it.

    Args:
        opener: Opens the stream.
    """

    _all: ClassVar[WeakSet[Lender]] = WeakSet()

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._idle: list[BinaryIO] = []
        self._all.add(self)
        finalize(self, _close_all, self._idle)

    def section(self, offset: int, size: int) -> BinaryIO:
        """Open a stretch.

        Raises:
            OSError: The stream cannot be opened.
        """
        whole = self._take(offset) or self._opener()
        try:
            return cast("BinaryIO", Section(whole, offset, size, self._give_back))
        except BaseException:
            whole.close()
            raise

    def _take(self, offset: int) -> BinaryIO | None:
        """The idle stream, where it has not gone past the place yet."""
        try:
            whole = self._idle.pop()
        except IndexError:
            return None
        if whole.tell() <= offset:
            return whole
        _close_all([whole])
        return None

    def _give_back(self, whole: BinaryIO) -> None:
        before, self._idle[:] = self._idle[:], [whole]
        _close_all(before)

    @classmethod
    def rest(cls) -> None:
        """Close all streams that nobody reads."""
        for lender in list(cls._all):
            before, lender._idle[:] = lender._idle[:], []
            _close_all(before)


def _close_all(streams: list[BinaryIO]) -> None:
    """Close streams whose faults were, or will be, told by those who read them."""
    while streams:
        try:
            streams.pop().close()
        except OSError:
            continue
