"""Lakes at addresses that are not what they should be, and what is said then."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import fsspec
import pytest

from logonscope.case.case import Case
from logonscope.errors import StoreError
from logonscope.export.lists import LISTS, Asked
from logonscope.export.writers import json_records
from logonscope.lake.address import Address, AddressPath, case_path, is_address, lake_place
from logonscope.lake.snapshot import SNAPSHOT_NAME, read_snapshot
from support.command_line import CommandLine
from support.demo_incident import demo_incident
from support.lake_writer import write_lake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with demo_incident(tmp_path_factory) as case:
        return write_lake(case, tmp_path_factory.mktemp("lake"))


@pytest.fixture
def lake(folder: Path) -> Iterator[Address]:
    store = fsspec.filesystem("memory")
    address = Address("memory://bucket/lake")
    for file in folder.rglob("*"):
        if file.is_file():
            (address / str(file.relative_to(folder))).upload(file)
    yield address
    store.store.clear()
    store.pseudo_dirs[:] = [""]


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def _event(lake: Address) -> Address:
    return lake / read_snapshot(lake).tables["event"][0].path


def test_a_file_that_is_gone(run: CommandLine, lake: Address) -> None:
    _event(lake).remove()
    assert f"{_event(lake)}: the lake names this file, and it is not there" in run("sessions", lake).err


def test_a_file_of_another_size(run: CommandLine, lake: Address) -> None:
    _event(lake).write_bytes(b"PAR1")
    assert "the file has 4. It was changed or replaced" in run("sessions", lake).err


def test_a_file_that_is_no_parquet(run: CommandLine, lake: Address) -> None:
    _event(lake).write_bytes(bytes(_event(lake).size()))
    done = run("sessions", lake)
    assert done.code == 2
    assert "No magic bytes found" in done.err
    assert "Traceback" not in done.err


def test_another_version(run: CommandLine, lake: Address) -> None:
    text = (lake / SNAPSHOT_NAME).read_bytes()
    (lake / SNAPSHOT_NAME).write_bytes(text.replace(b'"schema":1', b'"schema":9'))
    assert "the lake has version 9, this program reads version 1" in run("sessions", lake).err


def test_a_place_that_is_no_lake(run: CommandLine, lake: Address) -> None:
    for command in (("sessions", lake / "event"), ("fleet", "overview", "--lake", lake / "event")):
        done = run(*command)
        assert done.code == 2
        assert f"{lake}/event: this is no lake: it has no lake.json" in done.err


def test_a_store_that_fails_is_told_of(run: CommandLine, lake: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise RuntimeError("no credentials")

    monkeypatch.setattr(fsspec.filesystem("memory"), "cat_file", refuse)
    done = run("sessions", lake)
    assert done.code == 2
    assert done.complaints == [
        f"logonscope: {lake}/lake.json: RuntimeError: no credentials. Name a lake that you may read."
    ]


@pytest.mark.parametrize("is_open", [False, True])
def test_a_store_that_fails_later_is_told_of(
    tmp_path: Path, lake: Address, monkeypatch: pytest.MonkeyPatch, is_open: bool
) -> None:
    store = fsspec.filesystem("memory")
    whole = store.cat_file

    def refuse(path: str, start: int | None = None, end: int | None = None) -> bytes:
        if "/event/" in path or (is_open and path.endswith(SNAPSHOT_NAME)):
            raise RuntimeError("token has expired")
        content: bytes = whole(path, start=start, end=end)
        return content

    said = rf"{lake}: this lake cannot be read: OSError: RuntimeError: token has expired"
    with pytest.raises(StoreError, match=said), Case([case_path(str(lake))], work_parent=tmp_path) as case:
        if is_open:
            case.load()
            case.cursor().execute("SET GLOBAL enable_external_file_cache = false")
        monkeypatch.setattr(store, "cat_file", refuse)
        if not is_open:
            case.load()
        list(json_records(LISTS["events"].find(case, Asked()).rows()))


@pytest.mark.parametrize(
    ("missing", "address", "said"),
    [
        ("fsspec.core", "s3://bucket/lake", "an address is read by fsspec, which is not installed"),
        ("s3fs", "s3://bucket/lake", "Install s3fs"),
        ("", "nonsense://bucket/lake", "Protocol not known: nonsense"),
    ],
)
def test_what_would_read_it_is_not_installed(
    run: CommandLine, monkeypatch: pytest.MonkeyPatch, missing: str, address: str, said: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    done = run("sessions", address)
    assert done.code == 2
    assert said in done.err


def test_a_lake_is_opened_alone(run: CommandLine, tmp_path: Path, lake: Address) -> None:
    assert "a lake is opened alone" in run("sessions", lake, tmp_path).err
    assert "a lake is opened alone" in run("sessions", tmp_path, lake).err


@pytest.mark.parametrize("text", ["s3://", "memory:///"])
def test_a_whole_store_is_no_place_for_a_lake(text: str) -> None:
    with pytest.raises(StoreError, match="this is a whole store"):
        lake_place(text)


@pytest.mark.parametrize("text", ["s3://bucket/lake", "local:///tmp/lake", "az+x://c/l"])
def test_an_address_is_shown_as_it_was_named(text: str) -> None:
    assert is_address(text)
    assert str(case_path(text)) == str(case_path(text).absolute()) == text == str(lake_place(text + "/"))


@pytest.mark.parametrize("text", ["lake", "/mnt/lake", "./a://b", "C:lake", "file:///mnt/lake"])
def test_a_path_is_no_address(text: str) -> None:
    assert not is_address(text)
    assert not isinstance(case_path(text), AddressPath)
    assert not isinstance(lake_place(text), Address)
