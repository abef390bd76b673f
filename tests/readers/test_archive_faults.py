"""Archives that are damaged, cut off, encrypted or meant to harm: one clear complaint, and the rest is read."""

from __future__ import annotations

import random
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

import py7zr
import pytest

from logonscope.case.case import Case
from logonscope.case.view import View
from logonscope.demo.evtx_writer import encode_log
from logonscope.readers.archives.limits import Limits
from logonscope.readers.archives.streams import Lender
from logonscope.readers.sources import find_sources
from support.archived import LISTED, PACKED, seven_zipped, zipped, zipped_by_go
from support.logs import note, notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from logonscope.errors import SourceError
    from logonscope.readers.source_file import SourceFile

LOG = encode_log(notes(1000))
SMALL = encode_log(notes(30))


@pytest.fixture(autouse=True)
def _no_stream_is_left() -> Iterator[None]:
    yield
    Lender.rest()


def found(path: Path, contents: bytes, limits: Limits | None = None) -> tuple[list[SourceFile], list[str]]:
    path.write_bytes(contents)
    unreadable: list[SourceError] = []
    sources = list(find_sources([path], unreadable, limits or Limits()))
    return sources, [str(error.message).removeprefix(f"{path}: ") for error in unreadable]


def read(source: SourceFile) -> tuple[bytes, str]:
    """What can be read, and the fault."""
    stream = source.open()
    contents = stream.read()
    try:
        stream.close()
    except OSError as error:
        return contents, str(error)
    return contents, ""


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_a_packed_log_that_is_cut_off(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(random.Random(1).randbytes(300_000))
    (source,), complaints = found(tmp_path / "x", pack(LOG) + packed[: len(packed) // 2])
    contents, fault = read(source)
    assert (contents[: len(LOG)], fault) == (LOG, "it is cut off")
    assert complaints == []


@pytest.mark.parametrize("pack", [zipped, zipped_by_go])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.98])
def test_zip_that_is_cut_off(tmp_path: Path, pack: Callable[..., bytes], part: float) -> None:
    """The members before the cut are read, and the one that it goes through as far as it is there."""
    whole = pack({"a": SMALL, "b": LOG, "c": LOG})
    sources, (complaint,) = found(tmp_path / "x", whole[: int(len(whole) * part)])
    assert complaint == "the archive is cut off: its directory is missing, the members before the cut were looked at"
    assert read(sources[0]) == (SMALL, "")
    for source in sources[1:-1]:
        assert read(source) == (LOG, "")
    last, fault = read(sources[-1])
    assert fault == ("" if last == LOG else "it is cut off")
    assert LOG.startswith(last)


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.zst"])
def test_tar_that_is_cut_off(tmp_path: Path, kind: str) -> None:
    whole = LISTED[kind]({"a": SMALL, "b": LOG})
    sources, _ = found(tmp_path / "x", whole[: int(len(whole) * 0.8)])
    assert read(sources[0]) == (SMALL, "")
    contents, fault = read(sources[1])
    assert LOG.startswith(contents)
    assert len(contents) > len(LOG) / 4
    assert fault


def test_seven_zip_that_is_cut_off(tmp_path: Path) -> None:
    sources, (complaint,) = found(tmp_path / "x", seven_zipped({"a": SMALL})[:-20])
    assert sources == []
    assert complaint.startswith("the archive's directory cannot be read")


def test_a_wrong_checksum(tmp_path: Path) -> None:
    """All that is there is handed out, and the fault told."""
    archive = zipped({"a": LOG, "b": SMALL}, method=0)
    place = archive.index(LOG[-3000:-2900])
    damaged = archive[:place] + b"?" + archive[place + 1 :]
    (first, second), complaints = found(tmp_path / "x", damaged)
    contents, fault = read(first)
    assert (len(contents), fault) == (len(LOG), "its contents do not fit its checksum in the archive")
    assert read(second) == (SMALL, "")
    assert complaints == []


@pytest.mark.parametrize("kind", ["zip", "7z", "tar.gz"])
def test_damage_inside(tmp_path: Path, kind: str) -> None:
    dice = random.Random(7)
    log = encode_log([note(number, dice.randbytes(200).hex()) for number in range(1, 1000)])
    archive = bytearray(LISTED[kind]({"log": log}))
    archive[len(archive) // 3] ^= 0xFF
    sources, _ = found(tmp_path / "x", bytes(archive))
    contents, fault = read(sources[0])
    assert fault
    assert contents[:100_000] == log[:100_000]


def _encrypted(archive: bytes, name: bytes) -> bytes:
    """Set the flag of one member, in its header and in the directory."""
    image = bytearray(archive)
    for magic, flags, name_at in ((b"PK\3\4", 6, 30), (b"PK\1\2", 8, 46)):
        place = image.find(magic)
        while image[place + name_at : place + name_at + len(name)] != name:
            place = image.index(magic, place + 1)
        image[place + flags] |= 1
    return bytes(image)


def test_encrypted_members_are_told(tmp_path: Path) -> None:
    """As in a collection of Velociraptor that has a password."""
    path = tmp_path / "c.zip"
    path.write_bytes(_encrypted(zipped({"metadata.json": b"[]", "data.zip": b"12345"}), b"data.zip"))
    unreadable: list[SourceError] = []
    assert list(find_sources([path], unreadable)) == []
    (error,) = unreadable
    assert error.message == f"{path}: 1 member is not read (encrypted): data.zip"
    assert error.advice == "Unpack it with its password, and open what comes out."
    sources, complaints = found(path, _encrypted(zipped({"Security.evtx": LOG, "System.evtx": LOG}), b"System.evtx"))
    assert [source.place.name for source in sources] == ["Security.evtx"]
    assert complaints == ["1 member is not read (encrypted): System.evtx"]


def test_encrypted_seven_zips_are_told(tmp_path: Path) -> None:
    told = found(tmp_path / "x", seven_zipped({"a.evtx": SMALL}, password="secret"))
    assert told == ([], ["1 member is not read (encrypted): a.evtx"])
    told = found(tmp_path / "x", seven_zipped({"a.evtx": SMALL}, password="secret", header_encryption=True))
    assert told == ([], ["the archive is encrypted, names and all"])


def test_ppmd_is_not_read(tmp_path: Path) -> None:
    """Damaged bytes make its unpacker write where it must not, and the process dies."""
    archive = seven_zipped({"a.evtx": SMALL}, filters=[{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}])
    reason = "1 member is not read (compressed with PPMd, whose unpacker damaged bytes can crash): a.evtx"
    assert found(tmp_path / "x", archive) == ([], [reason])


def test_a_bomb_is_stopped(tmp_path: Path) -> None:
    limits = Limits(ratio=100, ratio_from=1_000_000)
    (source,), _ = found(tmp_path / "x", PACKED["gzip"](SMALL + bytes(50_000_000)), limits)
    contents, fault = read(source)
    assert contents.startswith(SMALL)
    assert len(contents) < 10_000_000
    assert fault == "it unpacks to more than 100 times its size, as a zip bomb does"
    (source,), _ = found(tmp_path / "x", zipped({"a": LOG}), Limits(unpacked_bytes=500_000))
    assert read(source)[1] == "it unpacks to more than 500,000 bytes (--unpack-limit)"


def test_a_promise_that_is_not_kept(tmp_path: Path) -> None:
    """More comes out than the directory says: what it says is read, and the rest told."""
    archive = zipped({"a": LOG})
    place = archive.index(b"PK\1\2")
    lying = archive[: place + 24] + struct.pack("<I", 70_000) + archive[place + 28 :]
    (source,), _ = found(tmp_path / "x", lying)
    contents, fault = read(source)
    assert contents.startswith(LOG[:70_000])
    assert fault.endswith("70,000 were promised")


def test_the_number_of_members_is_bounded(tmp_path: Path) -> None:
    archive = zipped({f"{number}.evtx": SMALL for number in range(9)})
    sources, complaints = found(tmp_path / "x", archive, Limits(members=5))
    assert len(sources) == 5
    assert complaints == ["more than 5 members, the others were not looked at"]


@pytest.mark.parametrize("kind", LISTED)
def test_random_damage(tmp_path: Path, kind: str) -> None:
    """Whatever it does, nothing but an OSError when a stream is closed comes of it."""
    dice = random.Random(kind)
    whole = LISTED[kind]({"a": SMALL, "b": SMALL, "c.txt": b"text"})
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(dice.choice([1, 1, 3, 30])):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        sources, _ = found(tmp_path / "x", bytes(damaged[: dice.choice([None, None, dice.randrange(len(whole))])]))
        for source in sources:
            with suppress(OSError):
                read(source)


def test_what_came_before_the_damage_is_loaded(tmp_path: Path) -> None:
    whole = zipped({"First.evtx": SMALL, "Second.evtx": LOG})
    path = tmp_path / "c.zip"
    path.write_bytes(whole[: int(len(whole) * 0.8)])
    with Case([path], work_parent=tmp_path / "work") as case:
        case.load()
        assert 130 < case.count(View("event")) < 1030
        first, second = case.sources
        assert (first.records, first.problems, second.records > 100) == (30, 0, True)
        assert [str(problem.path) for problem in case.problems if problem.part == "file"] == [f"{path}/Second.evtx"]
        assert "it is cut off" in {problem.reason.removeprefix("reading stopped: ") for problem in case.problems}
        event = case.events(case.window(View("event")).page(40, 41))[0]
        assert case.event_record(event).startswith("<?xml")
