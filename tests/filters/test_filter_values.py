"""Values that make no sense for their field: the error marks the value and says what would."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import pytest

from logonscope.errors import FilterError
from logonscope.filters.compile import Target, compile_filter
from logonscope.filters.conditions import BY_KIND
from logonscope.filters.fields import FIELDS, FieldKind
from logonscope.filters.lookup import Lookup
from logonscope.filters.syntax import parse

TARGETS: tuple[Literal["event", "session"], ...] = get_args(Target)
TYPED = ("typed", "type?", "t*d", "S-1-5", "DROP", "987654", "1987", "0xabcdef12", "2882400018", "'t'", "'T'", "19")
LOOKUP = Lookup(
    {column: ["", "typed"] for column in ("source_ip", "workstation", "process", "object", "channel", "provider")},
    [("", "", ""), ("S-1-5-21-1", "typed", "typed")],
    machine_names={1: "typed"},
    computers_of={1: frozenset({1})},
    log_end=datetime(2026, 3, 2, 13),
)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("text", "wrong", "message", "advice"),
    [
        ("user:/(/", "/(/", "wrong regular expression", ""),
        ("user:/a{1001}/", "/a{1001}/", "wrong regular expression", ""),
        ("type:rpd", "rpd", "there is no logon type rpd", "Did you mean rdp?"),
        ("type:99999", "99999", "there is no logon type 99999", ""),
        ("type:10,sofa", "sofa", "there is no logon type sofa", ""),
        ("event:logon", "logon", "logon is not a number or a range", "For example event:4624,4634."),
        ("event:4634..4624", "4634..4624", "is not a range of event numbers", ""),
        ("event:-1", "-1", "is not a range of event numbers", ""),
        ("event:4294967296", "4294967296", "is not a range of event numbers", ""),
        ("event:1..", "1..", "is not a number or a range", "For example event:4624,4634."),
        ("record:18446744073709551616", "18446744073709551616", "is not a range of record numbers", ""),
        ("boot:first", "first", "first is not a number or a range", "For example boot:2."),
        ("logon:3e7", "3e7", "3e7 is not a logon ID", "Write it as Windows does: 0x3e7."),
        ("logon:0x10000000000000000", "0x10000000000000000", "a logon ID has 64 bits", ""),
        ("logon:-1", "-1", "a logon ID has 64 bits", ""),
        ("ip:10.0.0.0/99", "10.0.0.0/99", "10.0.0.0/99 is not a network", "Write an address, 10.0.0.0/8, or 10.0.*."),
        ("status:nonsense", "nonsense", "there is no status nonsense", "Write a code, or a label in quotes."),
        ("is:persn", "persn", "there is no group persn", "Did you mean person?"),
        ("is:zzz", "zzz", "there is no group zzz", "Groups: person, system"),
        ("since:yesterday", "yesterday", "yesterday is not a time", "Write 2026-03-02,"),
        ("at:2026-02-30", "2026-02-30", "2026-02-30 is not a time", "Write 2026-03-02,"),
        ("time:2026-03-04..2026-03-02", "2026-03-04..2026-03-02", "this range ends before it begins", ""),
        ("time:2026-03-02..when", "when", "when is not a time", "Write 2026-03-02,"),
        ("time:then..2026-03-02", "then", "then is not a time", "Write 2026-03-02,"),
        ("since:-99999999d", "-99999999d", "-99999999d lies before all time", ""),
        ("dur:2h", "2h", "2h is not a length", "Write dur:>2h, dur:<30s or dur:5m..1h."),
        ("dur:>soon", ">soon", ">soon is not a length", "Write dur:>2h, dur:<30s or dur:5m..1h."),
        ("dur:1h..", "1h..", "1h.. is not a length", "Write dur:>2h, dur:<30s or dur:5m..1h."),
        ("grade:E", "E", "there is no grade E", "Grades are A, B, C, D, - and T."),
        ("end:never", "never", "nothing ends by never", "Ends: 4647+4634"),
    ],
)
def test_a_wrong_value_is_marked(text: str, wrong: str, message: str, advice: str, target: Target) -> None:
    text = f"alice -({text})"
    with pytest.raises(FilterError) as caught:
        compile_filter(parse(text), target, LOOKUP)
    error = caught.value
    assert text[error.start : error.stop] == wrong
    assert message in error.message
    assert error.advice.startswith(advice)


def test_every_kind_of_field_can_be_compiled() -> None:
    assert BY_KIND.keys() == set(get_args(FieldKind)) == {field.kind for field in FIELDS}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "text",
    [
        "user:typed",
        "user:typed\\typed",
        "user:S-1-5-21-1",
        "ip:typed",
        "from:typed",
        "machine:typed",
        "to:type?",
        "process:/typed/",
        "channel:typed",
        "provider:t*d",
        "workstation:typed",
        "session:typedtext/0x1@7",
        '"typed\'; DROP TABLE event; --"',
        "typed%_text",
        "logon:0xabcdef12",
        "event:987654",
        "record:987654..987655",
        "boot:987654",
        "dur:>987654s",
        "since:1987-06-05",
        "at:1987-06-05",
        "status:0x987654",
        "type:19",
        "grade:t",
    ],
)
def test_what_was_typed_is_bound_and_not_written_into_the_query(text: str, target: Target) -> None:
    sql = compile_filter(parse(text), target, LOOKUP)
    assert sql.text.count("?") == len(sql.parameters) > 0
    assert [piece for piece in TYPED if piece in sql.text] == []
