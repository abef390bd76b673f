"""Single field values: whatever JSON type they come as, they end as one number, text, address or account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.normalise import values
from logonscope.normalise.dims import AccountDim, TextDim

if TYPE_CHECKING:
    from collections.abc import Callable

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["#text", "x"]), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("User32 ", "User32"),
        (" \t\n", ""),
        ("-", ""),
        (" - ", ""),
        ("--", "--"),
        (None, ""),
        (0, "0"),
        (True, "true"),
        (1.5, "1.5"),
        ({"#attributes": {"Name": "x"}, "#text": " a "}, "a"),
        ({"#attributes": {"Name": "x"}}, ""),
        ({"#text": {"deep": 1}}, '{"deep": 1}'),
        (["a", 1], '["a", 1]'),
        ("\x1b[2J\u202e", "\x1b[2J\u202e"),
    ],
)
def test_text(value: Any, text: str) -> None:
    assert values.text(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (999, 999),
        ("999", 999),
        ("0x3e7", 0x3E7),
        ("0X00000000000003E7", 0x3E7),
        (" 0x3e7 ", 0x3E7),
        (0, 0),
        ("0xffffffffffffffff", (1 << 64) - 1),
        ("0x10000000000000000", None),
        (1 << 64, None),
        (-1, None),
        ("0x", None),
        ("", None),
        ("-", None),
        (None, None),
        ("3e7", None),
        (1.5, None),
        ("9" * 5000, None),
        ({"#text": "0x3e7"}, 0x3E7),
        ([1], None),
    ],
)
def test_a_logon_id_has_64_bits(value: Any, number: int | None) -> None:
    assert values.uint64(value) == number


@pytest.mark.parametrize(
    ("coerce", "value", "number"),
    [
        (values.uint32, -1073741715, 0xC000006D),
        (values.uint32, "0xc000006d", 0xC000006D),
        (values.uint32, "0xC000006D", 0xC000006D),
        (values.uint32, 1 << 32, None),
        (values.uint32, -(1 << 32), None),
        (values.small, 255, 255),
        (values.small, 256, None),
        (values.small, -1, None),
        (values.small, "10", 10),
        (values.session_number, (1 << 31) - 1, (1 << 31) - 1),
        (values.session_number, 1 << 31, None),
        (values.session_number, 0xFFFFFFFF, None),
        (values.event_id, "4624", 4624),
        (values.event_id, {"#attributes": {"Qualifiers": 16384}, "#text": 7045}, 7045),
        (values.event_id, "logon", 0),
        (values.event_id, 1 << 31, 0),
        (values.yes_no, "%%1842", True),
        (values.yes_no, " %%1843 ", False),
        (values.yes_no, "Yes", None),
        (values.outcome, "0x8020000000000000", 1),
        (values.outcome, "0x8010000000000000", 2),
        (values.outcome, 0x8010000000000000, 2),
        (values.outcome, "0x0", 0),
        (values.outcome, None, 0),
    ],
)
def test_numbers_that_do_not_fit_are_missing(coerce: Callable[[Any], Any], value: Any, number: Any) -> None:
    assert coerce(value) == number


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("10.0.0.9", "10.0.0.9"),
        ("::ffff:10.0.0.9", "10.0.0.9"),
        ("::FFFF:10.0.0.9", "10.0.0.9"),
        ("10.0.0.9:49152", "10.0.0.9"),
        ("[::1]:3389", "::1"),
        ("[::ffff:10.0.0.9]:3389", "10.0.0.9"),
        ("FE80:0:0:0::1", "fe80::1"),
        ("fe80::1%12", "fe80::1%12"),
        ("LOCAL", "LOCAL"),
        ("-", ""),
        (None, ""),
        ("LAP9:3389", "LAP9:3389"),
        ("10.0.0.999", "10.0.0.999"),
        ("10.0.0.9:port", "10.0.0.9:port"),
        (":", ":"),
        (167772169, "167772169"),
    ],
)
def test_an_address_is_written_in_one_way(value: Any, address: str) -> None:
    assert values.address(value) == address


@pytest.mark.parametrize(
    ("sid", "name", "domain", "account"),
    [
        ("S-1-5-18", "SYSTEM ", "NT AUTHORITY", ("S-1-5-18", "SYSTEM", "NT AUTHORITY")),
        (None, "WS1\\kim", None, ("", "kim", "WS1")),
        (None, "WS1\\kim", "CORP", ("", "WS1\\kim", "CORP")),
        ("S-1-0-0", "root", "-", ("S-1-0-0", "root", "")),
        ("S-1-0-0", "-", "-", ("", "", "")),
        ("S-1-5-21-1-2-3-1104", "-", "-", ("S-1-5-21-1-2-3-1104", "", "")),
        ("", "", "CORP", ("", "", "")),
        (None, None, None, ("", "", "")),
    ],
)
def test_an_account(sid: Any, name: Any, domain: Any, account: tuple[str, str, str]) -> None:
    assert values.account(sid, name, domain) == account


@settings(max_examples=60, deadline=None)
@given(json_values)
def test_no_value_raises_and_none_leaves_its_range(value: Any) -> None:
    assert values.text(value) == values.text(value).strip()
    assert isinstance(values.address(value), str)
    assert (values.uint64(value) or 0) in range(1 << 64)
    assert (values.uint32(value) or 0) in range(1 << 32)
    assert (values.small(value) or 0) in range(256)
    assert (values.session_number(value) or 0) in range(1 << 31)
    assert values.event_id(value) in range(1 << 31)
    assert values.outcome(value) in (0, 1, 2)
    assert values.yes_no(value) in (None, True, False)
    assert all(isinstance(part, str) for part in values.account(value, value, value))


def test_one_text_has_one_code_however_it_was_written() -> None:
    dim = TextDim(values.address)
    assert [dim[raw] for raw in ("10.0.0.9", "::ffff:10.0.0.9", "-", None, "10.0.0.9:1", "::1")] == [1, 1, 0, 0, 1, 2]
    assert dim.texts == ["", "10.0.0.9", "::1"]


def test_one_account_has_one_code_however_it_was_written() -> None:
    dim = AccountDim()
    written = [(None, "WS1\\kim", None), ("", "kim ", "WS1"), ("-", "-", "-"), (None, "kim", "CORP")]
    assert [dim[account] for account in written] == [1, 1, 0, 2]
    assert dim.accounts == [("", "", ""), ("", "kim", "WS1"), ("", "kim", "CORP")]
