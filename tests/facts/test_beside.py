"""What stands beside UTC: zones that the logs tell, chosen ones, the time to the end of the log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from logonscope.case.zones import ZoneNote, machine_zones, note_at
from logonscope.errors import FilterError
from logonscope.facts.beside import Beside, find_zone
from logonscope.knowledge.zones import windows_zones
from support.small_logs import at, logon, rebuilt, system

if TYPE_CHECKING:
    from pathlib import Path

WINTER, SUMMER = datetime(2026, 1, 7, 9), datetime(2026, 7, 8, 9)
KERNEL = "Microsoft-Windows-Kernel-General"
BERLIN = ZoneNote(WINTER, 60, "W. Europe Standard Time", "Europe/Berlin")
LOCALISED = ZoneNote(WINTER, 60, "Mitteleuropäische Zeit\x1b[31m")
EARLY, LATE = ZoneNote(WINTER, 60), ZoneNote(SUMMER, 120)


def beside(*notes: ZoneNote) -> Beside:
    return Beside("machine", {"WS1": notes} if notes else {})


def test_zones_are_read_from_the_logs(tmp_path: Path) -> None:
    records = [
        logon(1, 0),
        system(10, 1, "EventLog", 6013, Data={"#text": ["", "", "", "", "7", "60", "480 Pacific Standard Time"]}),
        system(11, 2, "EventLog", 6013, Data={"#text": ["7", "60", "nonsense"]}),
        system(12, 3, "EventLog", 6013, Data="text"),
        system(13, 4, "EventLog", 6013, Data={"#text": ["-60 Mitteleuropäische Zeit"]}),
        system(14, 5, KERNEL, 24, CurrentBias=420),
        system(15, 6, KERNEL, 22, NewBias="240", OldBias=420),
        system(16, 7, KERNEL, 1, TimeZoneBias=480),
        system(17, 8, KERNEL, 1, NewTime="x"),
        system(18, 9, KERNEL, 24, CurrentBias=99999),
        system(19, 10, "Other", 24, CurrentBias=60),
    ]
    with rebuilt(tmp_path, *records) as con:
        ((machine, notes),) = machine_zones(con).items()
    assert machine == "WS1"
    assert notes == (
        ZoneNote(at(1), -480, "Pacific Standard Time", "America/Los_Angeles"),
        ZoneNote(at(4), 60, "Mitteleuropäische Zeit"),
        ZoneNote(at(5), -420),
        ZoneNote(at(6), -240),
        ZoneNote(at(7), -480),
    )


def test_which_record_tells_of_a_moment() -> None:
    before, between = datetime(2025, 1, 1), datetime(2026, 2, 1)
    assert note_at((BERLIN,), before) == (BERLIN, False)
    assert note_at((BERLIN,), SUMMER) == (BERLIN, True)
    assert note_at((LOCALISED,), SUMMER) == (LOCALISED, False)
    assert note_at((EARLY, LATE), between) == (EARLY, False)
    assert note_at((EARLY, ZoneNote(SUMMER, 60)), between) == (EARLY, True)
    assert note_at((EARLY, LATE), datetime(2027, 1, 1)) == (LATE, False)


def test_a_named_zone_knows_summer_time() -> None:
    assert beside(BERLIN).text("WS1", WINTER) == "Wed 10:00 +01:00"
    assert beside(BERLIN).text("WS1", SUMMER) == "Wed 11:00 +02:00"


def test_what_leaves_a_doubt_is_marked() -> None:
    assert beside(LOCALISED).text("WS1", SUMMER) == "Wed 10:00 +01:00?"
    assert beside(BERLIN).text("WS1", datetime(2025, 1, 1)).endswith("?")


def test_a_machine_whose_zone_is_not_known() -> None:
    assert beside(BERLIN).text("WS2", WINTER) == "zone unknown"
    facts = beside().facts("WS2", [("Time", WINTER)])
    assert facts[0].heading
    assert "no System 6013" in facts[1].text


def test_the_detail_says_which_zone_and_how_it_is_known() -> None:
    fact = beside(BERLIN).facts("WS1", [("Start", SUMMER), ("End", None)])[1]
    assert (fact.name, fact.text) == ("Start, machine's zone", "Wed 2026-07-08 11:00:00 +02:00")
    assert fact.meaning == "W. Europe Standard Time (Europe/Berlin), by the log at 2026-01-07 09:00 UTC"
    doubtful = beside(LOCALISED).facts("WS1", [("Start", SUMMER)])[1].meaning
    assert "Zeit\\x1b[31m" in doubtful
    assert "not certain then, summer time least of all" in doubtful


def test_a_chosen_zone_holds_for_every_machine() -> None:
    chosen = Beside("zone", zone=ZoneInfo("Asia/Tokyo"), zone_name="Asia/Tokyo")
    assert chosen.text("any", datetime(2026, 1, 7, 20)) == "Thu 05:00 +09:00"
    assert chosen.title == "Asia/Tokyo"
    assert chosen.facts("any", [("Time", WINTER)])[1].text == "Wed 2026-01-07 18:00:00 +09:00"
    assert chosen.text("any", datetime(9999, 12, 31, 23)) == "zone unknown"


def test_to_the_end_of_the_log() -> None:
    end = Beside("end", log_end=SUMMER)
    assert end.text("any", datetime(2026, 7, 6, 6)) == "-2d 03h"
    assert end.text("any", datetime(2026, 7, 8, 10)) == "+1h 00m"
    assert Beside("end").text("any", SUMMER) == "-"
    assert end.facts("any", [("Time", datetime(2026, 7, 6, 6))])[1].text == "-2d 03h"


def test_nothing_beside() -> None:
    assert (Beside().text("WS1", WINTER), Beside().facts("WS1", [("Time", WINTER)]), Beside().width) == ("", (), 0)
    assert beside(BERLIN).text("WS1", None) == ""


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Europe/Berlin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("tokyo", "Asia/Tokyo"),
     ("new york", "America/New_York"), ("+02:00", "UTC+02:00"), ("UTC-3", "UTC-03:00"), ("+0530", "UTC+05:30"),
     ("utc", "UTC")],
)  # fmt: skip
def test_zones_that_can_be_chosen(typed: str, name: str) -> None:
    found, zone = find_zone(typed)
    assert found == name
    assert datetime(2026, 1, 1, tzinfo=UTC).astimezone(zone)


@pytest.mark.parametrize("typed", ["", "Europe/Berlim", "+99:00", "../../etc/passwd", "\x00", "x" * 5000])
def test_what_is_no_zone(typed: str) -> None:
    with pytest.raises(FilterError) as raised:
        find_zone(typed)
    assert raised.value.advice


def test_every_listed_zone_exists() -> None:
    for name in windows_zones().values():
        assert ZoneInfo(name).key == name
