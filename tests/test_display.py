"""Text for people: nothing from a log can act on a terminal; times, durations and counts read as people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.display import (
    bytes_text,
    duration_range_text,
    duration_text,
    exact_time_text,
    hex_id,
    microseconds,
    plural,
    sanitise,
    shorten,
    shorten_start,
    time_text,
    utc_now,
)

TIME = datetime(2026, 3, 2, 9, 0, 2, 123456)
MINUTE, HOUR, DAY = 60, 3600, 86400
MARKS = "\u0301\u0302\u0489\u20dd"
any_text = st.text(
    st.characters() | st.sampled_from("\x00\x07\x1b\x7f\x85\x9b\u200b\u202e\u2028\u2066\ufeff\ud800\U000e0041" + MARKS),
    max_size=30,
)


@settings(deadline=None)
@given(any_text)
def test_sanitised_text_holds_nothing_that_acts(text: str) -> None:
    shown = sanitise(text)
    assert shown.isprintable()
    assert {unicodedata.category(character)[0] for character in shown} <= set("LMNPS") | {"Z"}
    assert {unicodedata.bidirectional(character) for character in shown}.isdisjoint(
        {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B", "S", "BN"}
    )
    assert shown.encode("utf-8").decode("utf-8") == shown


@settings(deadline=None)
@given(any_text)
def test_no_more_than_two_marks_sit_on_one_letter(text: str) -> None:
    runs = re.split(r"[^M]+", "".join(unicodedata.category(character)[0] for character in sanitise(text)))
    assert max(map(len, runs)) <= 2
    assert not sanitise(text)[:1] or unicodedata.category(sanitise(text)[0])[0] != "M"


@settings(deadline=None)
@given(any_text)
def test_sanitising_again_changes_nothing_and_harmless_text_is_left_alone(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
    if text.isprintable() and not any(unicodedata.category(character)[0] == "M" for character in text):
        assert once == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CORP\\alice", "CORP\\alice"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\r\n\tb", "a\\r\\n\\tb"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u3164\u2800admin", "\\u3164\\u2800admin"),
        ("\x9b2J", "\\x9b2J"),
        ("a\u200bb", "a\\u200bb"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("e\u0301", "e\u0301"),
        ("\u0301", "\\u0301"),
        ("名前 é", "名前 é"),
        ("", ""),
    ],
)
def test_what_is_hidden_becomes_visible(text: str, shown: str) -> None:
    assert sanitise(text) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"), [("alice", 5, "alice"), ("alice", 4, "ali…"), ("alice", 1, "…"), ("", 1, "")]
)
def test_shorten(text: str, limit: int, shown: str) -> None:
    assert shorten(text, limit) == shown


@settings(deadline=None)
@given(st.text(), st.integers(1, 40))
def test_a_shortened_text_fits_and_says_when_something_is_gone(text: str, limit: int) -> None:
    shown = shorten(text, limit)
    assert len(shown) <= limit
    assert shown == text or (len(shown) == limit and shown[-1] == "…" and text.startswith(shown[:-1]))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.05, "0s"),
        (0.4, "0.4s"),
        (4.25, "4.2s"),
        (9.99, "9.9s"),
        (10.5, "10s"),
        (59.9, "59s"),
        (MINUTE, "1m 00s"),
        (3 * MINUTE + 7, "3m 07s"),
        (HOUR - 1, "59m 59s"),
        (HOUR, "1h 00m"),
        (8 * HOUR + 25 * MINUTE + 59, "8h 25m"),
        (DAY, "1d 00h"),
        (2 * DAY + 3 * HOUR, "2d 03h"),
        (400 * DAY, "400d 00h"),
        (-2 * HOUR, "-2h 00m"),
        (-0.4, "-0.4s"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration_text(round(seconds * 1_000_000)) == text


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [
        (HOUR, HOUR, "1h 00m"),
        (2 * HOUR + 5 * MINUTE, None, ">=2h 05m"),
        (None, 3 * HOUR + 1, "<=4h"),
        (None, 3 * HOUR, "<=3h"),
        (HOUR + 5 * MINUTE, HOUR + 40 * MINUTE, "1h..2h"),
        (0, 59, "0s..59s"),
        (59 * MINUTE, 2 * DAY, "59m..2d"),
        (-90, 90, "-2m..2m"),
        (None, None, "-"),
    ],
)
def test_a_duration_between_limits_stays_true(least: int | None, most: int | None, text: str) -> None:
    limits = (None if limit is None else limit * 1_000_000 for limit in (least, most))
    assert duration_range_text(*limits) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (69_632, "69.6 kB"),
        (4_200_000, "4.2 MB"),
        (3_000_000_000, "3.0 GB"),
        (5_000_000_000_000, "5.0 TB"),
        (7_000_000_000_000_000, "7000.0 TB"),
    ],
)
def test_bytes(count: int, text: str) -> None:
    assert bytes_text(count) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (time_text(TIME), "2026-03-02 09:00:02"),
        (time_text(TIME, seconds_only=False), "2026-03-02 09:00:02.123456"),
        (time_text(TIME.replace(microsecond=0), seconds_only=False), "2026-03-02 09:00:02.000000"),
        (exact_time_text(TIME, 7), "2026-03-02T09:00:02.1234567Z"),
        (exact_time_text(TIME.replace(microsecond=0), 0), "2026-03-02T09:00:02.0000000Z"),
        (hex_id(0x3E7), "0x3e7"),
        (hex_id(0), "0x0"),
        (time_text(None), "-"),
        (exact_time_text(None, 0), "-"),
        (duration_text(None), "-"),
        (hex_id(None), "-"),
        (plural(1, "record"), "1 record"),
        (plural(2260, "record"), "2,260 records"),
        (plural(0, "record"), "0 records"),
        (plural(2, "machine is", "machines are"), "2 machines are"),
    ],
)
def test_wording(written: str, text: str) -> None:
    assert written == text


def test_a_time_span_in_microseconds_loses_nothing() -> None:
    assert microseconds(timedelta(days=400_000, microseconds=1)) == 34_560_000_000_000_001
    assert microseconds(timedelta(microseconds=-1)) == -1


def test_the_present_time_is_utc_to_the_second() -> None:
    before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    now = utc_now()
    assert before <= now <= datetime.now(UTC).replace(tzinfo=None)
    assert (now.microsecond, now.tzinfo) == (0, None)


@given(any_text, st.integers(2, 12))
def test_the_end_of_a_long_text_is_kept(text: str, limit: int) -> None:
    short = shorten_start(text, limit)
    assert len(short) <= limit
    assert short == text or (short[0] == "…" and text.endswith(short[1:]) and len(short) == limit)
