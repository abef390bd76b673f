"""Keeping a loaded case for the next start, and opening again what was kept."""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from logonscope.cache.evidence_state import contents_sample, evidence_state
from logonscope.cache.kept_cases import case_key
from logonscope.cache.loaded_state import FileRead, LoadedState, LoadOutcome
from logonscope.errors import StoreError
from logonscope.readers.sources import find_sources
from logonscope.store.case_store import FILE_NAME, MORE_ROOM, CaseStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from logonscope.cache.evidence_state import EvidenceState
    from logonscope.cache.kept_cases import KeptCase, KeptCases
    from logonscope.case.loading import Loading
    from logonscope.case.options import LoadOptions
    from logonscope.case.work_folder import WorkFolder

_log = logging.getLogger(__name__)
_COPY = "copy"
"""Where in the work folder a kept store is copied to that is to be added to."""


@dataclass(frozen=True, slots=True)
class _Complete:
    """A load of which all can be kept."""

    state: LoadedState
    outcome: LoadOutcome
    files: list[FileRead]


class Keeping:
    """Keeps one case, or opens it as it was kept.

    Args:
        cases: The kept cases; None to keep and to find nothing.
        paths: The files and folders of the case.
        options: What is loaded of them.
    """

    def __init__(self, cases: KeptCases | None, paths: Sequence[Path], options: LoadOptions) -> None:
        self._cases = cases
        self._paths = paths
        self._options = options
        self._kept: KeptCase | None = None
        self._before: EvidenceState | None = None
        self._complete: _Complete | None = None
        self._lock = Lock()
        self.remark = ""
        """Why a kept case was not used, or why none will be kept; not sanitised."""

    def reopen(self, work: Path, new_loading: Callable[[CaseStore], Loading]) -> tuple[CaseStore, Loading] | None:
        """Open the case as it was kept, to be read only.

        Args:
            work: The work folder.
            new_loading: Makes a loading that has loaded nothing yet.

        Returns:
            The store, and a loading that knows what the one that filled the store knew; None where nothing is kept.
        """
        if self._cases is None:
            return None
        kept = self._cases.find(self._paths, _options_text(self._options))
        if kept is None:
            return None
        try:
            store = CaseStore(work, kept.folder)
            loading = new_loading(store)
            loading.resume(kept.state, kept.outcome())
        except (StoreError, OSError, ValueError, TypeError) as error:
            _log.warning("a kept case cannot be read", exc_info=error)
            self.remark = f"{kept.folder}: what was kept cannot be read and is loaded anew ({type(error).__name__})"
            kept.close()
            self._cases.remove(kept.folder)
            return None
        self._kept = kept
        return store, loading

    def copy(self, work: Path, new_loading: Callable[[CaseStore], Loading]) -> tuple[CaseStore, Loading] | None:
        """Copy a kept store, so that it can be added to.

        Returns:
            As ``reopen``; None where the case was not opened from one, or was copied before.

        Raises:
            StoreError: It cannot be copied.
        """
        if self._kept is None or (work / _COPY).exists():
            return None
        try:
            (work / _COPY).mkdir(mode=0o700)
            shutil.copyfile(self._kept.folder / FILE_NAME, work / _COPY / FILE_NAME)
        except OSError as error:
            raise StoreError(
                f"{work}: {error.strerror or error}",
                MORE_ROOM,
            ) from error
        store = CaseStore(work / _COPY)
        loading = new_loading(store)
        loading.resume(self._kept.state, self._kept.outcome())
        self.find_files(loading)
        return store, loading

    def find_files(self, loading: Loading) -> None:
        """Let the loading of a kept case know where its files' records are, as it is asked for the first time.

        Raises:
            OSError: What was kept of them cannot be read.
        """
        with self._lock:
            if self._kept is None or loading.files:
                return
            read = self._kept.files()
            if any(found.file.members for found in read):
                read = list(self._opened(read))
            loading.files.update({found.number: (found.file, found.places) for found in read})
            loading.last_ids.update({found.number: found.last_id for found in read})

    def _opened(self, read: list[FileRead]) -> Iterator[FileRead]:
        """Files with what opens them inside of archives."""
        openers = {file.place: file for file in find_sources(self._paths, [], self._options.limits)}
        for found in read:
            there = openers.get(found.file.place)
            yield replace(found, file=replace(found.file, opener=there.opener)) if there else found

    def begin(self) -> None:
        """Note how the evidence lies before it is loaded."""
        if self._cases is not None and self._cases.most_bytes:
            self._before = evidence_state(self._paths)

    def note(self, loading: Loading) -> None:
        """Note what is to be kept of a load that came to its end."""
        before, self._before = self._before, None
        if before is None or self._cases is None or before.size < self._cases.smallest_evidence:
            return
        files = [FileRead(n, file, places, loading.last_ids.get(n, 0)) for n, (file, places) in loading.files.items()]
        on_disk = sorted({found.file.path for found in files})
        try:
            sample = contents_sample(on_disk)
        except OSError:
            return
        if evidence_state(self._paths) != before:
            self.remark = "the evidence changed while it was read: nothing is kept for the next start"
            return
        state = LoadedState(
            paths=tuple(str(path.absolute()) for path in self._paths),
            loaded_at=datetime.now(UTC),
            evidence=before.digest,
            sample=sample,
            on_disk=tuple(map(str, on_disk)),
            evidence_bytes=sum(found.file.size for found in files),
            records=loading.records,
            duplicates=loading.duplicates,
            left_out=loading.left_out,
        )
        outcome = LoadOutcome(
            tuple(loading.sources), tuple(loading.problems), tuple(loading.unreadable), tuple(loading.signs)
        )
        self._complete = _Complete(state, outcome, files)

    def forget(self) -> None:
        """Keep nothing: the store is being added to."""
        self._complete = None

    def end(self, work: WorkFolder, store: CaseStore) -> None:
        """Keep the store, or delete it with its folder; the store is closed.

        Args:
            work: The folder that it lies in.
            store: The store.
        """
        if self._kept is not None:
            self._kept.close()
        done = self._complete
        if done is None or self._cases is None or not store.is_closed:
            work.remove()
            return
        try:
            key = case_key(self._paths, _options_text(self._options))
            self._cases.keep(work.path, key, done.state, done.outcome, done.files)
        except (OSError, ValueError) as error:
            _log.warning("the case cannot be kept", exc_info=error)
            work.remove()
        else:
            work.release()


def _options_text(options: LoadOptions) -> str:
    """A text that tells all differences of what is loaded."""
    whole = asdict(options)
    whole["cut"]["events"] = sorted(options.cut.events)
    return repr(whole)
