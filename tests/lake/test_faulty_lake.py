"""What is not a whole lake of this version gets clear words, from the library and on the command line."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from logonscope.case.case import Case
from logonscope.errors import StoreError
from logonscope.lake.snapshot import SNAPSHOT_NAME
from support.command_line import CommandLine
from support.lake_writer import write_lake
from support.small_case import small_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    with small_case(folder) as case:
        return write_lake(case, folder / "lake")


def an_event_file(lake: Path) -> Path:
    return sorted(lake.glob("event/*/*/*.parquet"))[0]


def missing(lake: Path) -> None:
    an_event_file(lake).unlink()


def cut_off(lake: Path) -> None:
    path = an_event_file(lake)
    path.write_bytes(path.read_bytes()[:100])


def longer(lake: Path) -> None:
    path = an_event_file(lake)
    path.write_bytes(b"junk" + path.read_bytes())


def foreign(lake: Path) -> None:
    path = an_event_file(lake)
    pq.write_table(pa.table({"cats": [1]}), path)
    _change(lake, lambda listed: listed["tables"]["event"][0].update(bytes=path.stat().st_size))


def of_another_version(lake: Path) -> None:
    _change(lake, lambda listed: listed.update(schema=99))


def without_sessions(lake: Path) -> None:
    _change(lake, lambda listed: listed["tables"].pop("machine"))


def torn_inside(lake: Path) -> None:
    path = next(iter(sorted(lake.glob("dim_account/*.parquet"))))
    size = path.stat().st_size
    path.write_bytes(b"\x00" * (size - 4) + b"PAR1")


def codes_twice(lake: Path) -> None:
    path = lake / "dim_computer/all.parquet"
    names = pq.read_table(path)
    pq.write_table(pa.concat_tables([names, names]), path)
    _change(lake, lambda listed: listed["tables"]["dim_computer"][0].update(bytes=path.stat().st_size))


def _change(lake: Path, how: Callable[[Any], object]) -> None:
    listed = json.loads((lake / SNAPSHOT_NAME).read_text())
    how(listed)
    (lake / SNAPSHOT_NAME).write_text(json.dumps(listed))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (missing, "No such file"),
        (cut_off, "no Parquet file"),
        (longer, r"names [\d,]+ bytes, the file has [\d,]+"),
        (foreign, "no table event: row, source"),
        (of_another_version, "version 99, this program reads version 1"),
        (without_sessions, "no machine yet"),
        (torn_inside, "cannot be read"),
        (codes_twice, "dim_computer: its codes do not count up from 0"),
    ],
)
def test_it_is_said_what_is_wrong(whole: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str) -> None:
    lake = shutil.copytree(whole, tmp_path / "lake")
    spoil(lake)
    with Case([lake], work_parent=tmp_path) as case, pytest.raises(StoreError, match=said) as raised:
        case.load()
    assert str(lake) in raised.value.message
    assert raised.value.advice


def test_a_lake_is_opened_alone(whole: Path, tmp_path: Path) -> None:
    with Case([whole, tmp_path], work_parent=tmp_path) as case, pytest.raises(StoreError, match="opened alone"):
        case.load()


def test_the_command_line_says_it_in_one_line(whole: Path, tmp_path: Path) -> None:
    lake = shutil.copytree(whole, tmp_path / "lake")
    missing(lake)
    done = CommandLine(tmp_path)("sessions", lake)
    assert done.code == 2
    assert "cannot be read: No such file" in done.err
    assert len(done.complaints) == 1
