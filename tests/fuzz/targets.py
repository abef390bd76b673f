"""What coverage-guided fuzzing feeds: functions of some bytes that raise nothing but what is told to the user."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bases import bases
from examine import PLACE, examine, read

from logonscope.case.bookmarks import BookmarkFile
from logonscope.case.case_file import CaseFile
from logonscope.case.dismissed import DismissedFile
from logonscope.case.presets import presets
from logonscope.case.remembered import recall
from logonscope.case.view import TABLES, View
from logonscope.config import parse_config
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE
from logonscope.errors import FilterError, StoreError, WatchlistError
from logonscope.filters.describe import describe
from logonscope.filters.lookup import Lookup
from logonscope.filters.syntax import parse
from logonscope.findings.watchlist_file import read_watchlist
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.readers.raw import RawBatch
from logonscope.readers.source_file import SourceFile
from logonscope.ui.settings import settings_from, settings_text
from support.columns_read import CountedForms, spared
from support.raw_records import resealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Target = Callable[[bytes], None]

FILTERS = ("user:alice type:rdp", "event:4625 ip:203.0.113.0/24", "not (is:admin or since:-2d)", 'process:"/a|b/"')
SETTINGS = '[keys]\nexport = ["x", "ctrl+e"]\n[theme]\nname = "auto"\n[cache]\nsize = "10G"\n[rules.spray]\nusers = 5\n'
CASE = (
    'form = 1\n[[bookmark]]\nkind = "event"\nsource = "x.evtx"\nrecord = 5\nnote = "a #tag"\n'
    '[view]\nfilter = "user:a"\n[presets]\nmine = "is:failure"\n[[dismissed]]\nkey = "k"\nreason = "r"\n'
)
WATCHLIST = '[[account]]\nname = "alice"\nwhy = "left"\n[[mute]]\nrule = "spray"\nuser = "bob"\n'


def _reads(kind: str) -> Target:
    def target(contents: bytes) -> None:
        read(SourceFile(PLACE, str(PLACE), len(contents), kind, opener=partial(BytesIO, contents)))

    return target


def any_file(contents: bytes) -> None:
    """What a file is, is found out from it: archives, too."""
    examine(contents)


def columns(contents: bytes) -> None:
    """Chunks of known forms, read by columns: the same as by the parser, or left to it."""
    if chunks := _chunks(contents):
        spared(_scratch(), _known_forms(), *chunks)


def _chunks(log: bytes) -> list[bytes]:
    """Chunks with checksums that hold, so that what is wrong with them has to be seen."""
    places = range(FILE_HEADER_SIZE, len(log), CHUNK_SIZE)
    return [resealed(log[at : at + CHUNK_SIZE].ljust(CHUNK_SIZE, b"\0")) for at in places]


@cache
def _known_forms() -> CountedForms:
    forms = CountedForms()
    for log in seeds("evtx"):
        spared(_scratch(), forms, *_chunks(log))
    return forms


def normalise(contents: bytes) -> None:
    """What the parser may give for a record."""
    text = contents.decode("utf-8", "replace")
    events, _ = Normaliser(Dims())(RawBatch([1], ["2026-05-11T12:45:17.6601562Z UTC"], [text], 1), 1)
    assert events.num_rows == 1


def filter_text(contents: bytes) -> None:
    """What is typed as a filter."""
    with suppress(FilterError):
        node = parse(contents.decode("utf-8", "replace"))
        describe(node)
        for target in TABLES:
            View(target, node).sql(Lookup())


def config(contents: bytes) -> None:
    """The settings."""
    settings_text(settings_from(*parse_config(contents.decode("utf-8", "replace"))))


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix=f"guided-{os.getpid()}-"))


def case_file(contents: bytes) -> None:
    """What is kept of a case; somebody else may have sent the file."""
    path = _scratch() / "case.toml"
    path.write_bytes(contents)
    file = CaseFile([], path)
    recall(file, [])
    for look in (BookmarkFile(file).read, DismissedFile(file).read, partial(presets, file)):
        with suppress(StoreError):
            look()


def watchlist(contents: bytes) -> None:
    """The watchlist."""
    path = _scratch() / "watchlist.toml"
    path.write_bytes(contents)
    with suppress(WatchlistError):
        read_watchlist(path)


TARGETS: dict[str, Target] = {kind: _reads(kind) for kind in ("evtx", "evt", "xml", "pasted", "csv", "json")} | {
    "any_file": any_file, "columns": columns, "normalise": normalise, "filter": filter_text, "config": config,
    "case_file": case_file, "watchlist": watchlist,
}  # fmt: skip


def seeds(name: str) -> Iterable[bytes]:
    """What to begin with."""
    words: dict[str, Any] = {
        "filter": FILTERS, "config": [SETTINGS], "case_file": [CASE], "watchlist": [WATCHLIST],
        "normalise": [json.dumps({"Event": {"System": {"EventID": 4624, "Provider": {"#attributes": {"Name": "P"}}},
                                            "EventData": {"TargetLogonId": "0x3e7", "IpAddress": "::1"}}})],
    }  # fmt: skip
    return [text.encode() for text in words[name]] if name in words else bases().values()
