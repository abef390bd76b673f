"""A page in headless Chromium, driven over a pipe: what it draws, says on its console, and asks the network for."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
"""Empty where there is none."""
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
          "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
          "--force-color-profile=srgb", "--remote-debugging-pipe")  # fmt: skip
_HEARD = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}


class Page:
    """One tab; use ``page_in_chromium`` to get one."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, os.fdopen(back, "rb", buffering=0)
        self._waiting = b""
        self._number = 0
        self._session = ""
        self.said: list[str] = []
        """What came on the console: errors of the page, of its policy, and anything it wrote."""
        self.asked: dict[str, str] = {}
        """Addresses that were asked for, by the number of the request."""
        self._loaded = False
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    @property
    def requests(self) -> list[str]:
        """Addresses that were asked for, but for those that the page's own policy stopped."""
        return list(self.asked.values())

    def close(self) -> None:
        """Close the pipe."""
        self._back.close()
        os.close(self._to)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser for something and wait for its answer."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._waiting:
            part = self._back.read(1 << 16)
            if not part:
                raise RuntimeError("Chromium has ended")
            self._waiting += part
        line, _, self._waiting = self._waiting.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        method = message.get("method", "")
        if method in _HEARD:
            self.said.append(json.dumps(message["params"])[:500])
        elif method == "Network.requestWillBeSent":
            self.asked[message["params"]["requestId"]] = message["params"]["request"]["url"]
        elif method == "Network.loadingFailed" and message["params"].get("blockedReason") == "csp":
            self.asked.pop(message["params"]["requestId"], None)  # the page's own policy stopped it
        elif method == "Page.loadEventFired":
            self._loaded = True
        return message

    def show(self, width: int, height: int, scheme: str = "light", *, scale: float = 1, mobile: bool = False) -> None:
        """Choose the size of the screen, and dark or light."""
        sizes = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile}
        self.call("Emulation.setDeviceMetricsOverride", **sizes)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", features=[feature])

    def open(self, file: Path, *, script: bool = True) -> None:
        """Open a file and wait until it is there."""
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self._loaded = False
        self.call("Page.navigate", url=file.resolve().as_uri())
        while not self._loaded:
            self._next()

    def value(self, expression: str) -> Any:
        """What an expression comes to on the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def picture(self, *, whole: bool = False) -> bytes:
        """The screen, or the whole page, as PNG."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    def printed(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])


@contextmanager
def page_in_chromium() -> Iterator[Page]:
    """Start Chromium with an empty page."""
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:

        def connect() -> None:
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        to_browser, from_browser = _out_of_the_way(to_browser), _out_of_the_way(from_browser)
        browser = subprocess.Popen(
            [PROGRAM, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=connect,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        try:
            page = Page(from_us, to_us)
            try:
                yield page
            finally:
                page.close()
        finally:
            browser.kill()
            browser.wait()


def _out_of_the_way(end: int) -> int:
    """Move an end of a pipe: 3 and 4, which the browser wants, may be among the numbers that it got."""
    moved = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(end)
    return moved
