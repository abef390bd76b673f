"""Following: what comes to the files of a case, and new files in its folders, are loaded as they come.

Files are looked at by ``stat``, which works on every file system, network mounts among them.
"""

from __future__ import annotations

import io
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from logonscope.garbage import rare_collections
from logonscope.readers.archives.streams import Lender
from logonscope.readers.evtx_growth import Growing
from logonscope.readers.formats import formats
from logonscope.readers.reader import open_reader
from logonscope.readers.sources import files_of, find_sources

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Container, Iterator, Sequence
    from pathlib import Path

    from logonscope.case.loading import Loading
    from logonscope.case.options import LoadOptions
    from logonscope.errors import SourceError
    from logonscope.model import ReadProblem
    from logonscope.readers.evtx_growth import Growth
    from logonscope.readers.raw import RawBatch
    from logonscope.readers.source_file import SourceFile

_LEAST_PAUSE_SECONDS = 1.0
_PAUSE_FOR_SECONDS = 10
"""A look may take one part in so many of the time."""
_NAP_SECONDS = 0.1


class _Look(NamedTuple):
    """What tells whether a file has changed."""

    identity: tuple[int, int]
    size: int
    modified_ns: int


class Following:
    """Watches the files of a loaded case.

    Args:
        loading: The run that loaded it; its thread is the one to look in.
        paths: Files and folders, as the user gave them.
        options: What is loaded.
        began: When loading began, in seconds since 1970: what is older was seen then.
    """

    def __init__(self, loading: Loading, paths: Sequence[Path], options: LoadOptions, began: float) -> None:
        self.loading = loading
        self._paths = paths
        self._options = options
        self._growing: dict[int, Growing] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        """The source of each file that is read on, by its identity."""
        self._looks: dict[Path, _Look] = {}
        self._archives_waiting: dict[Path, _Look] = {}
        for path, status in self._statuses():
            if max(status.st_mtime, status.st_ctime) < began:
                self._looks[path] = _look(status)
        for number, (file, _) in loading.files.items():
            if file.kind in formats():  # salvage also searches what is no log
                self._watch(number)

    def _watch(self, number: int) -> None:
        """Read a source on from now on, unless it lies in an archive."""
        file, places = self.loading.files[number]
        if file.opener is not None:
            self._looks[file.path] = _look_at(file)
            return
        look = _look_at(file)
        self._looks[file.path] = look
        self._numbers[look.identity] = number
        if file.kind == "evtx":
            self._growing[number] = Growing(places.chunks if places else ())

    def look(self) -> bool:
        """Load what has come since the last look.

        Returns:
            Whether there was anything.
        """
        with self.loading.writing, rare_collections():
            before = self.loading.records, len(self.loading.problems), len(self.loading.unreadable)
            for path, status in list(self._statuses()):
                if self.loading.cancelled():
                    break
                self._look_at(path, _look(status))
            Lender.rest()
            came = before != (self.loading.records, len(self.loading.problems), len(self.loading.unreadable))
            if came:
                self.loading.rebuild()
        return came

    def _statuses(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in files_of(self._paths):
            try:
                yield path, path.stat()
            except OSError:
                continue  # it is gone; what was read of it stays

    def _look_at(self, path: Path, look: _Look) -> None:
        number = self._numbers.get(look.identity)
        before = self._looks.get(path)
        if number is not None and self._is_the_same(number, path, look):
            if before != look or number in self._growing:
                self._grow(number, path, look)
        elif before != look and not self._begin(path, look):
            return
        self._looks[path] = look

    def _is_the_same(self, number: int, path: Path, look: _Look) -> bool:
        """Whether a file goes on, perhaps under another name, and was not begun anew."""
        file, places = self.loading.files[number]
        if look.size < file.size:
            return False
        if path != file.path and not _has_identity(file.path, look.identity):
            self.loading.files[number] = replace(file, path=path, shown=str(path)), places
        return True

    def _begin(self, path: Path, look: _Look) -> bool:
        """Load a file that is new, or new under its name.

        Returns:
            False for an archive that may still be on its way here: it is not read before it has come to rest.
        """
        unreadable: list[SourceError] = []
        for file in find_sources([path], unreadable, self._options.limits, self.loading.cancelled):
            if file.opener is not None and self._archives_waiting.get(path) != look:
                self._archives_waiting[path] = look
                return False
            self.loading.load_file(file)
            self._watch(self.loading.sources[-1].number)
        named = path in self._paths
        known = {error.message for error in self.loading.unreadable}
        self.loading.unreadable += [error for error in unreadable if named and error.message not in known]
        return True

    def _grow(self, number: int, path: Path, look: _Look) -> None:
        file = replace(self.loading.files[number][0], size=look.size, modified_ns=look.modified_ns)
        try:
            if number in self._growing:
                self._grow_evtx(number, file, has_changed=self._looks.get(path) != look)
            elif look.size > self.loading.files[number][0].size:
                known = range(self.loading.last_ids.get(number, 0) + 1)
                _, places = self._take(number, file, file, known, lambda problem: problem)
                self.loading.files[number] = file, places
        except OSError as error:
            self.loading.fail(number, file, error)

    def _grow_evtx(self, number: int, file: SourceFile, *, has_changed: bool) -> None:
        """Read the changed chunks, which are but a few of a large file."""
        growing = self._growing[number]
        while True:
            with file.open() as stream:
                growth = growing.growth(stream, file.size, has_changed=has_changed)
            if not growth.bodies:
                return
            image = growth.log()
            part = replace(file, size=len(image), opener=partial(io.BytesIO, image))
            taken, places = self._take(number, file, part, growth.known, partial(_placed, growth))
            before = self.loading.files[number][1]
            self.loading.files[number] = file, growth.added_to(before, places) if before and places else None
            growing.took(growth, taken)
            if not (growth.is_full and taken):
                return

    def _take(
        self,
        number: int,
        file: SourceFile,
        part: SourceFile,
        known: Container[int],
        placed: Callable[[ReadProblem], ReadProblem],
    ) -> tuple[set[int], Any]:
        """Load the records of a part of a file that are not known yet.

        Returns:
            The header IDs of all in it, and what finds them in it again.
        """
        seen: set[int] = set()
        problems: list[ReadProblem] = []
        records = 0
        with open_reader(part) as reader:
            for raw in reader.batches():
                seen.update(raw.header_ids)
                new = [problem for problem in map(placed, raw.problems) if problem not in self.loading.problems]
                count, found = self.loading.take(number, file, _without(raw, known, new))
                records += count
                problems += found
                if self.loading.cancelled():
                    break
            places = reader.places
        if records or problems:
            self.loading.add_growth(number, file, records, problems)
        return seen, places


def follow(following: Following, came: Callable[[], None]) -> None:
    """Look again and again, until the loading is told to stop.

    Args:
        following: What looks.
        came: Called when something has come and the sessions are rebuilt.
    """
    loading = following.loading
    while not loading.cancelled():
        loading.tell_following()
        began = time.monotonic()
        while not loading.cancelled() and not following.look():
            now = time.monotonic()
            _wait(max(_LEAST_PAUSE_SECONDS, _PAUSE_FOR_SECONDS * (now - began)), loading.cancelled)
            began = time.monotonic()
        if not loading.cancelled():
            came()
    loading.tell_stopped()


def _wait(seconds: float, cancelled: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not cancelled():
        time.sleep(_NAP_SECONDS)


def _look(status: os.stat_result) -> _Look:
    return _Look((status.st_dev, status.st_ino), status.st_size, status.st_mtime_ns)


def _look_at(file: SourceFile) -> _Look:
    """As it was when it was found; of a file that is gone, nothing that another could be taken for."""
    try:
        status = file.path.stat()
    except OSError:
        return _Look((0, 0), file.size, file.modified_ns)
    size = status.st_size if file.opener else file.size
    return _Look((status.st_dev, status.st_ino), size, file.modified_ns)


def _has_identity(path: Path, identity: tuple[int, int]) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    return (status.st_dev, status.st_ino) == identity


def _without(raw: RawBatch, known: Container[int], problems: list[ReadProblem]) -> RawBatch:
    """A batch without the records that were read before."""
    new = [position for position, header_id in enumerate(raw.header_ids) if header_id not in known]
    return replace(
        raw,
        header_ids=[raw.header_ids[position] for position in new],
        stamps=[raw.stamps[position] for position in new],
        texts=[raw.texts[position] for position in new],
        problems=tuple(problems),
    )


def _placed(growth: Growth, problem: ReadProblem) -> ReadProblem:
    return problem if problem.offset is None else replace(problem, offset=growth.place(problem.offset))
