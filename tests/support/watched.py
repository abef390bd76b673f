"""Runs the program under watch: ``python -m support.watched EVIDENCE ARGUMENT...``.

It ends with code 99 at the first thing that it must never do: ask for the network, start another program, load a
pickle, or touch the evidence otherwise than by reading it. Native code is not seen here; what that leaves behind in the
evidence's folder is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

BROKEN = 99
_NEVER = (
    "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname",
    "socket.sendmsg", "socket.sendto", "os.exec", "os.posix_spawn", "os.startfile", "os.system", "pickle.find_class",
    "subprocess.Popen", "urllib.Request", "webbrowser.open",
)  # fmt: skip
_CHANGES = (
    "os.chflags", "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.setxattr",
    "os.symlink", "os.truncate", "os.utime", "shutil.copyfile", "shutil.move", "shutil.rmtree",
)  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def watch(evidence: str) -> None:
    """Watch this process from now on.

    Args:
        evidence: The folder that is only to be read.
    """

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        is_written = event == "open" and bool(arguments[2] & _WRITES)
        if event in _NEVER or ((is_written or event in _CHANGES) and any(map(is_evidence, arguments))):
            sys.stderr.write(f"never to be done: {event} {arguments}\n")
            sys.stderr.flush()
            os._exit(BROKEN)

    def is_evidence(path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return str(Path(os.fsdecode(path)).absolute()).startswith(evidence)

    sys.addaudithook(seen)


def main() -> None:
    """Run the command line under watch."""
    evidence, *arguments = sys.argv[1:]
    from logonscope import cli

    watch(evidence)
    sys.argv = ["logonscope", *arguments]
    cli.main()


if __name__ == "__main__":
    main()
