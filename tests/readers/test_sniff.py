"""A file is what its first bytes say."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile

import pytest

from logonscope.demo.evtx_writer import encode_log
from logonscope.readers.sniff import HEAD_BYTES, sniff
from support.logs import note


def _zip() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("Security.evtx", encode_log([note(1)]))
    return archive.getvalue()


OTHERS = {
    "an empty file (0 bytes)": b"",
    "a gzip archive": gzip.compress(encode_log([note(1)])),
    "a zip archive": _zip(),
    "a 7z archive": b"7z\xbc\xaf\x27\x1c\0\4",
    "a zstd archive": b"\x28\xb5\x2f\xfd\0\0",
    "a Git LFS pointer, not the log itself": b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
    "XML text": b"\xef\xbb\xbf<?xml version='1.0'?><html/>",
    "JSON text": b' \n{"Event": {}}',
    "nothing but zero bytes": bytes(HEAD_BYTES),
    "text": b"Name,Size\n",
    "unknown binary contents": bz2.compress(b"log") + b"\0",
}


@pytest.mark.parametrize("log", [encode_log([]), encode_log([note(1)]), b"ElfFile\0"])
def test_event_log(log: bytes) -> None:
    kind = sniff(log[:HEAD_BYTES])
    assert kind.readable
    assert kind.name == "evtx"


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_found_instead_is_said(name: str) -> None:
    kind = sniff(OTHERS[name][:HEAD_BYTES])
    assert not kind.readable
    assert kind.name == name


@pytest.mark.parametrize("head", [b"<Events><Event>", b"<Event xmlns=''>", b"[{}]", b"E", b"ElfFile"])
def test_short_or_bare_text_is_no_log(head: bytes) -> None:
    assert not sniff(head).readable
