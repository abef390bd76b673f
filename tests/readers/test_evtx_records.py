"""Sound logs: every record, in the order of the file, with its IDs, its time and its XML."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.readers.evtx import EvtxReader
from support.logs import logon, note, notes
from support.on_disk import on_disk

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.readers.raw import RawBatch

EVENT_RECORD_ID = ".//{*}EventRecordID"
LOG = encode_log(notes(300))


def batches(path: Path, log: bytes, **options: int) -> list[RawBatch]:
    path.write_bytes(log)
    with EvtxReader(on_disk(path)) as reader:
        return list(reader.batches(**options))


def header_ids(found: list[RawBatch]) -> list[int]:
    return [header_id for batch in found for header_id in batch.header_ids]


def test_all_records_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = batches(tmp_path / "log", LOG)
    assert header_ids(found) == [*range(1, 301)]
    assert not any(batch.problems for batch in found)
    texts = [json.loads(text)["Event"]["System"]["EventRecordID"] for batch in found for text in batch.texts]
    assert texts == header_ids(found)


def test_the_lists_of_a_batch_belong_together(tmp_path: Path) -> None:
    for batch in batches(tmp_path / "log", LOG):
        assert len(batch.header_ids) == len(batch.stamps) == len(batch.texts)
        for stamp, text in zip(batch.stamps, batch.texts, strict=True):
            created = json.loads(text)["Event"]["System"]["TimeCreated"]["#attributes"]["SystemTime"]
            assert stamp[:19] == created[:19]


def test_the_first_chunk_comes_alone_so_that_rows_show_at_once(tmp_path: Path) -> None:
    first, *others = batches(tmp_path / "log", LOG, chunks_per_run=2)
    assert first.bytes_read == FILE_HEADER_SIZE + CHUNK_SIZE
    assert [batch.bytes_read for batch in others] == [2 * CHUNK_SIZE, CHUNK_SIZE]


@pytest.mark.parametrize("chunks_per_run", [1, 2, 3, 100])
def test_how_many_chunks_are_parsed_at_a_time_changes_nothing(tmp_path: Path, chunks_per_run: int) -> None:
    damaged = faults.broken_record(faults.without_chunk_magic(LOG, 0), 200)
    usual = batches(tmp_path / "log", damaged)
    other = batches(tmp_path / "log", damaged, chunks_per_run=chunks_per_run)
    assert header_ids(other) == header_ids(usual)
    assert [p for batch in other for p in batch.problems] == [p for batch in usual for p in batch.problems]


def test_a_log_without_records(tmp_path: Path) -> None:
    assert header_ids(batches(tmp_path / "log", encode_log([]))) == []


def test_headers_numbered_apart_from_the_records(tmp_path: Path) -> None:
    """As a log of forwarded events is."""
    found = batches(tmp_path / "log", encode_log([note(500), note(7)], first_header_id=41))
    assert header_ids(found) == [41, 42]
    numbers = [json.loads(text)["Event"]["System"]["EventRecordID"] for batch in found for text in batch.texts]
    assert numbers == [500, 7]


def test_ill_formed_text_costs_no_other_record(tmp_path: Path) -> None:
    """A lone surrogate, which Windows allows in a name."""
    found = batches(tmp_path / "log", encode_log([note(1, "a"), note(2, "\ud800"), note(3, "c")]))
    reported = {problem.record_id for batch in found for problem in batch.problems}
    assert {*header_ids(found)} | reported == {1, 2, 3}
    assert {1, 3} <= {*header_ids(found)}


@pytest.mark.parametrize("log", [LOG, faults.wrapped(LOG, 2)], ids=["in order", "wrapped"])
@pytest.mark.parametrize("header_id", [1, 75, 76, 300])
def test_xml_of_a_record(tmp_path: Path, log: bytes, header_id: int) -> None:
    path = tmp_path / "log"
    path.write_bytes(log)
    with EvtxReader(on_disk(path)) as reader:
        xml = reader.record(header_id)
    assert xml is not None
    assert ET.fromstring(xml).findtext(EVENT_RECORD_ID) == str(header_id)


def test_xml_is_found_by_the_id_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(encode_log([logon(500), logon(1)], first_header_id=1))
    with EvtxReader(on_disk(path)) as reader:
        xml = reader.record(1)
    assert xml is not None
    assert ET.fromstring(xml).findtext(EVENT_RECORD_ID) == "500"


@pytest.mark.parametrize("header_id", [0, 301, 200])
def test_no_xml_of_a_record_that_cannot_be_read(tmp_path: Path, header_id: int) -> None:
    path = tmp_path / "log"
    path.write_bytes(faults.broken_record(LOG, 200))
    with EvtxReader(on_disk(path)) as reader:
        assert reader.record(header_id) is None


def test_xml_next_to_a_broken_record(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(faults.broken_record(LOG, 200))
    with EvtxReader(on_disk(path)) as reader:
        assert reader.record(201) is not None
