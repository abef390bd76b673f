"""Groups of machines that are too large for one task: cut at boots, step by step, all of them beside each other."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from logonscope.fleet.cluster import Outcome
from logonscope.fleet.cut_tasks import (
    CutTask,
    RunTask,
    SettleTask,
    TellTask,
    build_part,
    find_logons_of,
    settle,
    survey_group,
    tell_group,
)
from logonscope.fleet.lake_writing import STAGING, remove_all
from logonscope.fleet.sessions import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from logonscope.fleet.cluster import Cluster
    from logonscope.fleet.progress import FleetProgress, Report
    from logonscope.fleet.sessions import Built, SessionsTask
    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile
    from logonscope.sessions.lost_boots import Spans

TORN = "a session lies in two of the boots between which it was to be cut: one task built it whole"
_ONE_BOOT = "one boot of it has {:,} records, which one task built"
_Task = TypeVar("_Task", CutTask, RunTask, SettleTask, TellTask)
_Result = TypeVar("_Result")


@dataclass(slots=True)
class _Group:
    """How far one of them has come."""

    cut: CutTask
    parts: tuple[RunTask, ...] = ()
    spans: list[Spans] = field(default_factory=list)
    files: dict[str, list[LakeFile]] = field(default_factory=lambda: defaultdict(list))
    are_starts_known: bool = False
    """Whether boots that no log shows have been looked for."""
    error: str = ""
    is_whole: bool = False
    """Whether it cannot be cut."""

    @property
    def names(self) -> str:
        """The names of its machines."""
        return ", ".join(self.cut.group.names.values())


class CutGroups:
    """One run over them.

    Args:
        cluster: The workers.
        tasks: The groups.
        most: Records that one task may have.
        progress: What is shown; its tasks grow by those that come of cutting.
        report: Called as the work goes on.
    """

    def __init__(
        self, cluster: Cluster, tasks: Iterable[SessionsTask], most: int, progress: FleetProgress, report: Report
    ) -> None:
        self._cluster = cluster
        self._progress = progress
        self._report = report
        self._groups = {task.group: _Group(CutTask(task, _folder(task), most)) for task in tasks}
        self.larger: list[tuple[str, str]] = []
        """Names of machines of which a task had more than it may have, and why; not sanitised."""

    def build(self) -> Iterator[Outcome[SessionsTask, Built]]:
        """Build the groups; gives an outcome for each."""
        groups = list(self._groups.values())
        try:
            self._find_logons(groups)
            if again := self._settle(_going_on(groups)):
                for group in again:
                    group.are_starts_known = True
                self._find_logons(again)
                self._settle(_going_on(again))
            self._build_parts(_going_on(groups))
            yield from self._tell(_going_on(groups))
        finally:
            for group in groups:
                remove_all(group.cut.folder)
        yield from (Outcome(group.cut.group, None, group.error) for group in groups if group.error)
        yield from self._cluster.run(build, [group.cut.group for group in groups if group.is_whole])

    def _run(self, work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[tuple[_Group, _Task, _Result]]:
        """Have tasks done; a group of which one fails goes no further."""
        self._progress.tasks += len(tasks)
        self._report(self._progress)
        for outcome in self._cluster.run(work, tasks):
            task = outcome.task
            group = self._groups[(task if isinstance(task, CutTask) else task.cut).group.group]
            self._progress.tasks_done += 1
            self._progress.workers = self._cluster.workers
            if outcome.result is None:
                group.error = outcome.error
            else:
                yield group, task, outcome.result
            self._report(self._progress)

    def _find_logons(self, groups: Sequence[_Group]) -> None:
        for group, cut, parts in self._run(survey_group, [group.cut for group in groups]):
            group.parts = tuple(RunTask(cut, number, len(parts), runs) for number, runs in enumerate(parts))
            group.spans = []
            group.is_whole = len(parts) < 2
            self.larger += [
                (cut.group.names[run.machine], _ONE_BOOT.format(run.records))
                for run in chain(*parts)
                if run.records > cut.most
            ]
        for group, _, spans in self._run(find_logons_of, _parts(_going_on(groups))):
            group.spans.append(spans)

    def _settle(self, groups: Sequence[_Group]) -> list[_Group]:
        """Tie desktops to logons; gives the groups of which all has to be found anew, with boots that no log shows."""
        again = []
        tasks = [
            SettleTask(group.cut, group.parts, () if group.are_starts_known else tuple(group.spans)) for group in groups
        ]
        for group, _, settled in self._run(settle, tasks):
            if settled.are_starts_lost:
                again.append(group)
            elif not settled.can_be_cut:
                group.is_whole = True
                self.larger.append((group.names, TORN))
        return again

    def _build_parts(self, groups: Sequence[_Group]) -> None:
        for group, _, files in self._run(build_part, _parts(groups)):
            for name, file in files.items():
                group.files[name].append(file)

    def _tell(self, groups: Sequence[_Group]) -> Iterator[Outcome[SessionsTask, Built]]:
        tasks = [TellTask(group.cut, len(group.parts), dict(group.files)) for group in groups]
        for group, _, built in self._run(tell_group, tasks):
            yield Outcome(group.cut.group, built)


def _folder(task: SessionsTask) -> LakePlace:
    return task.lake / STAGING / f"cut-{task.group}-{secrets.token_hex(4)}.part"


def _going_on(groups: Iterable[_Group]) -> list[_Group]:
    return [group for group in groups if not group.error and not group.is_whole]


def _parts(groups: Iterable[_Group]) -> list[RunTask]:
    """The parts of all groups, the largest first."""
    parts = [part for group in groups for part in group.parts]
    return sorted(parts, key=lambda part: -sum(run.records for run in part.runs))
