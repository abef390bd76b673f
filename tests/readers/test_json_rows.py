"""Events as JSON come out as the rows that the log itself gives, but for what their shape cannot carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.case import Case
from support.json_forms import FORMS, LAYOUTS, parsed
from support.logs import two_boot_logs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

two_boot_logs = two_boot_logs

_COLUMNS = """
    SELECT c.text AS channel, e.record_id, w.text AS computer, p.text AS provider, e.event_id,
           epoch_us(e.time) AS time, e.tick, e.version, e.outcome, a.sid || '|' || a.name || '|' || a.domain AS account,
           t.sid || '|' || t.name AS target, s.sid || '|' || s.name AS subject, e.logon_id, e.subject_logon_id,
           e.linked_logon_id, e.logon_type, e.elevated, e.status, e.sub_status, i.text AS source_ip,
           k.text AS workstation, r.text AS process, l.text AS logon_process, o.text AS object, e.session_number,
           v.text AS activity, e.clock_step
    FROM event e
    JOIN dim_channel c ON c.code = e.channel JOIN dim_computer w ON w.code = e.computer
    JOIN dim_provider p ON p.code = e.provider JOIN dim_account a ON a.code = e.account
    JOIN dim_account t ON t.code = e.target JOIN dim_account s ON s.code = e.subject
    JOIN dim_source_ip i ON i.code = e.source_ip JOIN dim_workstation k ON k.code = e.workstation
    JOIN dim_process r ON r.code = e.process JOIN dim_logon_process l ON l.code = e.logon_process
    JOIN dim_object o ON o.code = e.object JOIN dim_activity v ON v.code = e.activity
    ORDER BY channel, record_id
"""
_SESSIONS = """
    SELECT a.sid, a.name, s.class, s.logon_type, s.logon_ids, s.start_evidence, s.end_evidence, s.grade, s.privileged,
           s.boot, w.text
    FROM session s JOIN dim_account a ON a.code = s.account JOIN dim_workstation w ON w.code = s.workstation
    WHERE NOT hidden ORDER BY ALL
"""
LACKS: dict[str, set[str]] = {
    "velociraptor_rows": {"version", "outcome", "activity"},
    "evtxecmd": {"version", "activity"},
}
"""Columns that a form cannot carry; the digits of the time that it lacks are those of STEPS."""
STEPS = {"winlogbeat": 1000, "winlogbeat_dotted": 1000, "elastic": 1000, "winlogbeat_6": 1000, "nxlog": 1_000_000}
"""Microseconds; other forms have all that the parser's JSON has."""
TICKS = {"xmltodict", "golang_evtx", "velociraptor_rows", "evtxecmd", "splunk"}
"""Forms that have the seventh digit of the time, which comes from the header of a record in a log."""


@pytest.fixture(scope="module")
def case(two_boot_logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with Case([two_boot_logs], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        yield case


@pytest.fixture
def loaded(two_boot_logs: Path, tmp_path: Path) -> Iterator[Callable[[str, str], Case]]:
    """Loads the logs written in another form, one file a log."""
    cases: list[Case] = []

    def load(form: str, layout: str) -> Case:
        for log in sorted(two_boot_logs.rglob("*.evtx")):
            (tmp_path / f"{log.stem}.txt").write_bytes(LAYOUTS[layout]([*map(FORMS[form], parsed(log))]))
        cases.append(Case([tmp_path], work_parent=tmp_path))
        cases[-1].load()
        return cases[-1]

    yield load
    for case in cases:
        case.close()


def rows(case: Case, form: str) -> list[dict[str, Any]]:
    cursor = case.cursor().execute(_COLUMNS)
    names = [column[0] for column in cursor.description]
    step = STEPS.get(form, 1)
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        row["time"] = row["time"] // step * step
        if form not in TICKS:
            row["tick"] = 0
        for name in LACKS.get(form, ()):
            row[name] = None
        if form == "nxlog" and row["event_id"] == 261:
            row["object"] = ""  # only the rendered message has it
    return found


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_those_of_the_log(form: str, case: Case, loaded: Callable[[str, str], Case]) -> None:
    other = loaded(form, "lines")
    assert rows(other, form) == rows(case, form)
    assert (other.problems, other.unreadable) == ([], [])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", ["evtx_dump", "winlogbeat"])
def test_however_the_records_are_laid_out(
    form: str, layout: str, case: Case, loaded: Callable[[str, str], Case]
) -> None:
    other = loaded(form, layout)
    assert rows(other, form) == rows(case, form)
    assert (other.problems, other.unreadable) == ([], [])


@pytest.mark.parametrize("form", set(FORMS) - {"velociraptor_rows"})
def test_sessions_are_those_of_the_log(form: str, case: Case, loaded: Callable[[str, str], Case]) -> None:
    other = loaded(form, "lines")
    assert other.cursor().execute(_SESSIONS).fetchall() == case.cursor().execute(_SESSIONS).fetchall()
