"""Texts that are meant for whatever shows them: terminals, spreadsheets, browsers, markup, paths, queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.demo.evtx_writer import write_log
from support.logs import SID, logon

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "cAnArY"
TEXTS = (
    f"\x1b]0;{CANARY}\x07",
    f"\x1b]52;c;{CANARY}\x1b\\",
    f"\x1b[31m{CANARY}\x1b[2J\x1b[H",
    f"\x1bP{CANARY}\x1b\\",
    f"\x1b_{CANARY}\x9c",
    f"\x9b31m{CANARY}\x9d0;t\x9c",
    f"\x01\x05\x08\x0b\x0c\x0e\x7f{CANARY}",
    f"{CANARY}\r\n\tnext\x85line\u2028and\u2029one",
    f"\u202e\u2066{CANARY}\u2069\u202c\u200f\u061c",
    f"\u200b\u200d\ufeff\u00ad\u180e\U000e0041{CANARY}",
    "a" + "\u0301" * 200 + CANARY,
    f"[bold]{CANARY}[/admin][@click=app.quit]x[/]",
    f"=cmd|' /C calc'!A0{CANARY}",
    f"@SUM(1+1)*cmd{CANARY}",
    f'<script>alert("{CANARY}")</script><img src=x onerror=alert(1)>',
    f"'; DROP TABLE event; --{CANARY}",
    f"../../../../etc/{CANARY}",
    f"$(reboot)`id`%n%s{{0}}{CANARY}",
    f"\u6f22\u5b57\U0001f468\u200d\U0001f469\u200d\U0001f467{CANARY}",
    f"\u05e9\u05dc\u05d5\u05dd{CANARY}",
    "W" * 900 + CANARY,
    f"W{CANARY}",
)
FILE_NAME = f"log\x1b]0;{CANARY}\x07\x1b[31m[red]\u202e.evtx"


def write_corpus(folder: Path) -> Path:
    """A log in which an attacker chose every text that can be chosen, in a file of a chosen name."""
    records = [
        logon(
            number,
            TargetUserName=text,
            TargetDomainName=text,
            TargetUserSid=f"{SID}-{1200 + number}",
            TargetLogonId=0x6000 + number,
            WorkstationName=text,
            ProcessName=text,
            LogonProcessName=text,
            AuthenticationPackageName=text,
            LogonType=(2, 3, 10)[number % 3],
            IpAddress=text if number % 2 else "203.0.113.7",
        )
        for number, text in enumerate(TEXTS, 1)
    ]
    folder.mkdir(exist_ok=True)
    write_log(folder / FILE_NAME, records)
    return folder
