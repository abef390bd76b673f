"""Histories that the rebuild is known to tell wrongly: python benchmarks/known_contradictions.py plays them.

Each is the shortest one that `random_histories.py SEED KIND` found. One that is told rightly belongs in the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from logonscope.demo.flavour import SERVER_2012_R2, WINDOWS_10, MachineSetup
from logonscope.demo.history import PAUSES, Life, Step
from support.histories import judge

CASES: list[tuple[str, Life]] = [
    (
        "Two UAC prompts of one user, of which the neighbouring 4634 alone are left, are taken for two tokens of one",
        Life(
            MachineSetup("WS01", flavour=WINDOWS_10),
            (
                Step("console_logon", 4, PAUSES[0]),
                Step("uac_prompt", 0, PAUSES[0]),
                Step("uac_prompt", 0, PAUSES[0]),
                Step("tamper", 0, PAUSES[0]),
                Step("sign_out", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "2012 R2: the end of a UAC prompt's second token, whose 4624 was taken out, is a row of its own",
        Life(
            MachineSetup("WS01", flavour=SERVER_2012_R2),
            (
                Step("console_logon", 0, PAUSES[0]),
                Step("uac_prompt", 0, PAUSES[0]),
                Step("tamper", 8, PAUSES[0]),
                Step("sign_out", 0, PAUSES[0]),
            ),
        ),
    ),
]


def main() -> None:
    """Print for each whether it is still told wrongly."""
    for title, life in CASES:
        print("wrong" if judge((life,)).contradictions else "right", title)


if __name__ == "__main__":
    main()
