"""The hashes of the evidence in the case file: when the case is opened again, they tell what has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.display import sanitise, time_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logonscope.case.case_file import CaseFile
    from logonscope.case.source_hashes import SourceHash
    from logonscope.model import Source

_SECTION = "source"


def keep_hashes(file: CaseFile, sources: Sequence[Source], hashes: Mapping[int, SourceHash]) -> list[str]:
    """Write the hashes into the case file; of a file that has changed since, both are kept.

    Args:
        file: The file of the case.
        sources: The files of the evidence.
        hashes: Their hashes, by the number of the source.

    Returns:
        The files whose bytes are not those that were hashed when the case file was written, sanitised.

    Raises:
        OutputError: The file cannot be written.
    """
    changed: list[str] = []

    def entered(held: Any) -> list[dict[str, Any]]:
        changed.clear()
        before = {one["path"]: one for one in held if _is_entry(one)} if isinstance(held, list) else {}
        now = {entry["path"]: entry for source in sources if (entry := _entry(source, hashes.get(source.number)))}
        for path, entry in now.items():
            old = before.get(path)
            if old and old["sha256"] != entry["sha256"]:
                changed.append(sanitise(path))
                entry["earlier"] = [*_earlier(old), old["sha256"]]
            elif old and _earlier(old):
                entry["earlier"] = _earlier(old)
        return list((before | now).values())

    file.change(_SECTION, entered)
    return changed


def _entry(source: Source, found: SourceHash | None) -> dict[str, Any] | None:
    if found is None or not found.sha256:
        return None
    return {
        "path": str(source.path),
        "sha256": found.sha256,
        "of": found.of,
        "bytes": found.size,
        "modified": time_text(found.modified) if found.modified else None,
        "archive_sha256": found.archive_sha256 or None,
        "note": found.note or None,
    }


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("path"), str) and isinstance(entry.get("sha256"), str)


def _earlier(entry: dict[str, Any]) -> list[str]:
    """Hashes of a path before the last, the oldest first."""
    earlier = entry.get("earlier")
    return [str(one) for one in earlier] if isinstance(earlier, list) else []
