"""The bundled demo incident as a loaded case, for the tests of a module."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from logonscope.case.case import Case
from logonscope.case.demo_case import demo_logs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


@contextmanager
def demo_incident(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Write its logs and load them."""
    logs = demo_logs(tmp_path_factory.mktemp("incident") / "logs")
    with Case([logs], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        yield case
