"""Records of any shape: none raises, and those of the usual shape come out the same the way that is for any shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from normalised import SECURITY, SESSIONS, TIME, columns, columns_as_of_any_shape, event, system, written

from logonscope.knowledge.catalogue import catalogue

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FIELD_NAMES = sorted({*catalogue().columns.values(), "EventData", "Channel", "Text", "#text", "#attributes"})
PROVIDERS = [SECURITY, SESSIONS, "Microsoft-Windows-Eventlog", "Somebody-Else"]
ODD_PROVIDERS = [*PROVIDERS, "", None, 7]
EVENT_IDS = [4624, 4672, 4688, 4616, 4634, 1102, 21, 9999, "4624", {"#attributes": {"Qualifiers": 0}, "#text": 4624}]
HOSTILE = ['","EventData":{"', '"}}', '},"', "null}}", '"Channel":', "\x00\x1b[2J\u202e", "\\", "%%1842", "0x3e7", "-"]

texts = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-(1 << 65), 1 << 65) | st.floats(-9, 9) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELD_NAMES), inner, max_size=3),
    max_leaves=6,
)
fields = st.dictionaries(st.sampled_from(FIELD_NAMES), values, max_size=8) | values
attributes = st.fixed_dictionaries({"#attributes": st.dictionaries(st.sampled_from(["Name", "ActivityID"]), values)})
times = st.sampled_from([f"{TIME}Z", TIME, "2026-03-02T09:00:02Z", "2026-03-02T09:00:02.123456+02:00", "yesterday", ""])


@st.composite
def systems(draw: st.DrawFn) -> dict[str, Any]:
    """A System element of which any part may be odd or missing."""
    odd: dict[str, SearchStrategy[Any]] = {
        "Provider": st.sampled_from([{"#attributes": {"Name": name}} for name in ODD_PROVIDERS]) | attributes | values,
        "EventID": st.sampled_from(EVENT_IDS) | values,
        "Version": values,
        "Keywords": values,
        "TimeCreated": times.map(lambda time: {"#attributes": {"SystemTime": time}}) | values,
        "EventRecordID": values,
        "Correlation": attributes | values,
        "Channel": values,
        "Computer": values,
    }
    chosen = draw(st.sets(st.sampled_from(sorted(odd)), max_size=2))
    missing = draw(st.sets(st.sampled_from(sorted(odd)), max_size=1))
    whole = system(draw(st.sampled_from(EVENT_IDS)), draw(st.sampled_from(PROVIDERS)))
    return {name: draw(odd[name]) if name in chosen else value for name, value in whole.items() if name not in missing}


bodies = st.one_of(
    st.fixed_dictionaries({"EventData": fields}),
    st.fixed_dictionaries({"EventData": fields, "RenderingInfo": values}),
    st.fixed_dictionaries({"UserData": fields}),
    st.dictionaries(st.sampled_from(["EventData", "UserData", "RenderingInfo"]), fields, max_size=3),
)
records = st.builds(lambda system, bodies: event(system, **bodies), systems(), bodies)


@settings(max_examples=80, deadline=None)
@given(st.lists(records, min_size=1, max_size=4))
def test_the_usual_way_gives_the_same_columns_as_that_for_any_shape(batch: list[Any]) -> None:
    usual, usual_bad = columns(*map(written, batch))
    whole, whole_bad = columns_as_of_any_shape(*map(written, batch))
    assert usual_bad == whole_bad
    assert usual == whole


@settings(max_examples=40, deadline=None)
@given(st.lists(texts | values.map(written) | records.map(written).map(lambda text: text[:-3]), max_size=4))
def test_what_is_no_event_is_reported_and_costs_only_itself(rubbish: list[str]) -> None:
    good = written(event(system(), EventData={"TargetUserName": "alice", "TargetLogonId": "0xa1"}))
    rows, bad = columns(*rubbish, good)
    assert bad == list(range(len(rubbish)))
    assert (rows[-1]["account"], rows[-1]["logon_id"]) == (("", "alice", ""), 0xA1)
