"""The page in headless Chromium: it renders, asks the network for nothing, can be read, sorted, filtered, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.report.rendering import render
from support.chromium import PROGRAM, Page, page_in_chromium
from support.report_case import incident_case, report_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.report.contents import Report

pytestmark = pytest.mark.skipif(not PROGRAM, reason="Chromium is not installed (Debian: apt-get install chromium)")
LEAST_CONTRAST, LEAST_OF_DRAWINGS = 4.5, 3.0
"""WCAG 2.2 AA: 1.4.3 for text, 1.4.11 for what is drawn."""
_CONTRASTS = """
(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = parts(colour).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const ratio = (a, b) => {
    const [more, less] = [light(a), light(b)].sort((x, y) => y - x);
    return (more + 0.05) / (less + 0.05);
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const style = getComputedStyle(node);
    const isDrawn = node.namespaceURI.endsWith("svg");
    const said = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (said && !isDrawn && style.display !== "none" && node.tagName !== "SCRIPT")
      found.push(["text", node.className || node.tagName, ratio(style.color, ground(node))]);
    if (node.tagName === "text") found.push(["text", "axis", ratio(style.fill, ground(node))]);
    if (node.tagName === "rect" && !node.matches(".runs, .away"))
      found.push(["drawn", node.getAttribute("class"), ratio(style.fill, ground(node))]);
    const ink = style.stroke === "none" ? style.fill : style.stroke;
    if (node.tagName === "path") found.push(["drawn", node.getAttribute("class"), ratio(ink, ground(node))]);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Page]:
    with page_in_chromium() as page:
        yield page


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    with incident_case(tmp_path_factory.mktemp("case")) as case:
        return report_of(case)


@pytest.fixture(scope="module")
def file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text("".join(render(report, "html")), "utf-8")
    return path


@pytest.fixture
def page(chromium: Page, file: Path) -> Page:
    chromium.said.clear()
    chromium.asked.clear()
    chromium.show(1280, 900)
    chromium.open(file)
    return chromium


def stays(page: Page, column: int = 0) -> list[str]:
    found: list[str] = page.value(
        f"[...document.querySelectorAll('#stays table tbody')[0].rows].filter((r) => !r.hidden)"
        f".map((r) => r.cells[{column}].textContent)"
    )
    return found


def test_it_renders_without_a_complaint_and_asks_for_nothing(page: Page, file: Path, report: Report) -> None:
    assert page.value("document.title") == "Logons of DC01, TS01, WS01"
    assert len(stays(page)) == report.stays_total
    assert page.said == []
    assert page.requests == [file.as_uri()]


def test_its_policy_stops_what_would_get_in(page: Page) -> None:
    page.value("document.body.insertAdjacentHTML('beforeend', '<img src=https://evil.example/x.png onerror=hit=1>')")
    page.value("document.body.append(Object.assign(document.createElement('script'), {textContent: 'hit = 1'}))")
    page.value("new Promise((done) => setTimeout(done, 200))")
    assert page.value("typeof hit") == "undefined"
    assert any("Content Security Policy" in line for line in page.said)
    assert not [address for address in page.requests if "evil" in address]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(page: Page, file: Path, scheme: str) -> None:
    page.show(1280, 900, scheme)
    page.open(file)
    found: list[list[Any]] = page.value(_CONTRASTS)
    least = {"text": LEAST_CONTRAST, "drawn": LEAST_OF_DRAWINGS}
    assert {kind for kind, *_ in found} == {"text", "drawn"}
    faint = sorted({(kind, str(what), round(ratio, 2)) for kind, what, ratio in found if ratio < least[kind]})
    assert faint == []


def test_stays_are_sorted_and_filtered(page: Page, report: Report) -> None:
    heads = page.value("[...document.querySelectorAll('#stays th')].slice(0, 5).map((h) => h.textContent)")
    assert heads == ["User", "Type", "Start (UTC)", "End (UTC)", "Lasted"]
    lengths = "[...document.querySelectorAll('#stays table')[0].tBodies[0].rows].map((r) => +r.cells[4].dataset.v)"
    page.value("document.querySelectorAll('#stays th button')[4].click()")
    assert page.value(lengths) == sorted(page.value(lengths))
    assert page.value("document.querySelectorAll('#stays th')[4].ariaSort") == "ascending"
    page.value("document.querySelectorAll('#stays th button')[4].click()")
    assert page.value(lengths) == sorted(page.value(lengths), reverse=True)
    page.value(
        "(() => { const i = document.querySelector('#stays input'); i.value = 'ANNA ws01';"
        " i.dispatchEvent(new Event('input')); })()"
    )
    assert set(stays(page)) == {"anna.berg"}
    assert page.value("document.querySelector('#stays [role=status]').textContent") == (
        f"{len(stays(page))} of {report.stays_total} rows"
    )


def test_a_phone_shows_all_of_it(page: Page, file: Path) -> None:
    page.show(390, 844, mobile=True)
    page.open(file)
    assert page.value("document.documentElement.scrollWidth") <= 390


def test_without_script_it_is_a_plain_table(page: Page, file: Path, report: Report) -> None:
    page.open(file, script=False)
    page.call("Emulation.setScriptExecutionDisabled", value=False)
    assert len(stays(page)) == report.stays_total
    assert page.value("document.querySelectorAll('#stays input, #stays button').length") == 0


def test_it_can_be_printed(page: Page) -> None:
    printed = page.printed()
    assert printed.startswith(b"%PDF")
    assert page.value("[...document.querySelectorAll('details')].every((part) => part.open)")
