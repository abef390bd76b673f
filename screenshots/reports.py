"""Takes pictures of the reports of two real machines: python screenshots/reports.py, with Chromium installed.

The samples lie beside the project (../shared/samples/machines) and are not copied into it; only the pictures are.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from logonscope.case.case import Case  # noqa: E402
from logonscope.report.asked import Asked  # noqa: E402
from logonscope.report.contents import gather  # noqa: E402
from logonscope.report.rendering import render  # noqa: E402
from support.chromium import PROGRAM, Page, page_in_chromium  # noqa: E402 - it drives the tests of the page too

SAMPLES = HERE.parents[1] / "shared" / "samples" / "machines"
MACHINES = ("belkasoft_win10", "rathbun_win11")
PARTS = {"summary": "light", "when": "dark"}
"""What is in the picture at the top, and how the screen is set."""
WIDTH, HEIGHT = 1280, 900


def main() -> None:
    """Write the pictures."""
    if not PROGRAM:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium)")
    if not SAMPLES.is_dir():
        raise SystemExit(f"{SAMPLES} is not there")
    with tempfile.TemporaryDirectory() as folder, page_in_chromium() as page:
        for machine in MACHINES:
            path = Path(folder) / f"{machine}.html"
            write_report(SAMPLES / machine, path)
            for part, scheme in PARTS.items():
                (HERE / f"report-{machine}-{part}.png").write_bytes(picture(page, path, part, scheme))


def write_report(logs: Path, path: Path) -> None:
    """Write the report of a machine."""
    with Case([logs], work_parent=path.parent) as case:
        case.load()
        asked = Asked(command=f"logonscope report {logs.name} -o report.html", paths=logs.name)
        path.write_text("".join(render(gather(case, asked), "html")), "utf-8")


def picture(page: Page, path: Path, part: str, scheme: str) -> bytes:
    """The screen with a part of the report at its top."""
    page.show(WIDTH, HEIGHT, scheme)
    page.open(path)
    page.value(f"document.getElementById('{part}').scrollIntoView()" if part != "summary" else "scrollTo(0, 0)")
    return page.picture()


if __name__ == "__main__":
    main()
