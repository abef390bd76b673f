"""Texts that an attacker chose are inert in a page and in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.html
import pytest

from logonscope.case.bookmarks import Bookmark
from logonscope.case.case import Case
from logonscope.case.row_refs import RowRef
from logonscope.demo.evtx_writer import write_log
from logonscope.filters.syntax import parse
from logonscope.report.asked import Asked
from logonscope.report.contents import gather
from logonscope.report.markdown import code_span, escape_markdown
from logonscope.report.rendering import render
from support.chromium import PROGRAM, page_in_chromium
from support.logs import logon

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.report.contents import Report

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = "\"'><img src=//evil.example/x onerror=alert(1)>"
TERMINAL = "\x1b]0;owned\x07\u202e"
MARKDOWN = "[a](http://evil.example) ![b](//x) `c` *d* | e _f_ www.evil.example"
NASTY = (SCRIPT, BREAKOUT, TERMINAL, MARKDOWN, "{{ 7*7 }}{% raw %}", "</style></svg>-->", "a\nb\n# c", "long" * 1_400)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("hostile")
    records = [
        logon(
            number,
            TargetUserName=text,
            TargetDomainName=text,
            WorkstationName=text,
            TargetLogonId=0x1000 + number,
            LogonType=10,
            IpAddress=text,
            ProcessName=text,
        )
        for number, text in enumerate(NASTY, 1)
    ]
    (folder / "logs").mkdir()
    write_log(folder / "logs" / "<b onclick=alert(1)>'\".evtx", records)
    kept = [
        Bookmark(RowRef("event", (SCRIPT, BREAKOUT, "1", TERMINAL)), SCRIPT, BREAKOUT, (SCRIPT, "a|b")),
        Bookmark(RowRef("session", (SCRIPT,)), MARKDOWN, MARKDOWN, (MARKDOWN,)),
    ]
    asked = Asked(
        parse("-user:nobody"),
        f"-user:nobody {SCRIPT} `x`",
        f"logonscope report '{SCRIPT}'",
        f"'{BREAKOUT}'",
        bookmarks={one.ref: one for one in kept},
        dismissed={SCRIPT: SCRIPT},
    )
    with Case([folder / "logs"], work_parent=folder) as case:
        case.load()
        return gather(case, asked)


def test_no_text_becomes_a_tag_or_an_attribute(hostile: Report) -> None:
    text = "".join(render(hostile, "html"))
    found = lxml.html.document_fromstring(text)
    assert hostile.stays_total == len(NASTY)
    assert len(found.xpath("//script")) == len(found.xpath("//style")) == 1
    assert not found.xpath("//img | //b[@onclick] | //iframe | //object | //link | //form | //base")
    assert not [name for node in found.iter() for name in node.attrib if name.lower().startswith("on")]
    assert {link[0] for link in found.xpath("//@href")} == {"#"}
    assert not found.xpath("//@src | //@style")
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|49", found.xpath("string(//section[@id='stays'])"))
    names = [row.text_content() for row in found.xpath("//section[@id='stays']//tbody/tr/td[1]")]
    assert SCRIPT in names


def test_every_character_is_visible(hostile: Report) -> None:
    for form in ("html", "md"):
        text = "".join(render(hostile, form)).replace("\n", "")
        assert text.isprintable(), [hex(ord(character)) for character in text if not character.isprintable()]


def test_the_policy_lets_nothing_in(hostile: Report) -> None:
    (policy,) = lxml.html.document_fromstring("".join(render(hostile, "html"))).xpath(
        "//meta[@http-equiv='Content-Security-Policy']/@content"
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.skipif(not PROGRAM, reason="Chromium is not installed (Debian: apt-get install chromium)")
def test_nothing_of_it_acts_in_a_browser(hostile: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("".join(render(hostile, "html")), "utf-8")
    with page_in_chromium() as page:
        page.show(1280, 900)
        page.open(path)
        assert page.value("document.querySelectorAll('#stays table tbody')[0].rows.length") == hostile.stays_total
        assert page.said == []
        assert page.requests == [path.as_uri()]


def test_markdown_stays_in_its_place(hostile: Report) -> None:
    text = "".join(render(hostile, "md"))
    outside = re.sub(r"`[^\n]*`", "", text)
    assert "<" not in outside
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert "http://" not in outside
    assert "www." not in outside
    rows = text.partition("## Stays of people")[2].partition("###")[0].splitlines()
    cells = {len(re.findall(r"(?<!\\)\|", row)) for row in rows if row.startswith("|")}
    assert len(cells) == 1, "no text begins another cell"


def test_a_long_text_does_not_fill_the_page(hostile: Report) -> None:
    for form in ("html", "md"):
        assert "long" * 300 not in "".join(render(hostile, form))


@pytest.mark.parametrize("text", ["a`b", "``", "`", "a``b`c"])
def test_code_ends_where_it_should(text: str) -> None:
    fence = re.match("`+", code_span(text))
    assert fence
    assert code_span(text).endswith(fence[0])
    assert fence[0] not in text


def test_numbers_and_markup_are_left_alone() -> None:
    assert escape_markdown(5) == 5
    assert escape_markdown(code_span("*")) == "`*`"
