"""Only the answer to the latest question of a kind is used, in whatever order the threads come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from held_threads import Threads

from logonscope.errors import QueryCancelledError
from logonscope.ui.questions import Asking, Questions

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.dom import DOMNode


class Asker:
    """Questions whose answers are written down."""

    def __init__(self) -> None:
        self.threads = Threads()
        self.questions = Questions(cast("DOMNode", self.threads))
        self.used: list[str] = []
        self.errors: list[Exception] = []
        self.askings: list[Asking] = []

    def ask(self, kind: str, answer: str | Exception, on_run: Callable[[Asking], None] = lambda asking: None) -> None:
        def question(asking: Asking) -> str:
            self.askings.append(asking)
            on_run(asking)
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.questions.ask(kind, question, self.used.append, self.errors.append)

    def answer_all(self) -> None:
        for thread in self.threads.waiting:
            thread()
        self.deliver()

    def deliver(self) -> None:
        for message in self.threads.posted:
            self.questions.deliver(message)
        self.threads.posted.clear()


def test_an_answer_is_used_once_it_is_delivered() -> None:
    asker = Asker()
    asker.ask("sessions", "three")
    asker.threads.waiting[0]()
    assert asker.used == []
    asker.deliver()
    assert asker.used == ["three"]


def test_a_superseded_answer_that_comes_last_is_dropped() -> None:
    asker = Asker()
    asker.ask("sessions", "old", on_run=lambda _: asker.ask("sessions", "new"))
    slow = asker.threads.waiting[0]
    slow()
    asker.threads.waiting[1]()
    asker.threads.posted.reverse()
    asker.deliver()
    assert asker.used == ["new"]


def test_a_superseded_error_is_dropped_too() -> None:
    asker = Asker()
    asker.ask("sessions", ValueError("old"), on_run=lambda _: asker.ask("sessions", "new"))
    for thread in (0, 1):
        asker.threads.waiting[thread]()
    asker.deliver()
    assert (asker.used, asker.errors) == (["new"], [])


def test_a_question_that_was_superseded_before_its_thread_began_is_not_asked() -> None:
    asker = Asker()
    asker.ask("sessions", "old")
    asker.ask("sessions", "new")
    asker.answer_all()
    assert len(asker.askings) == 1
    assert asker.used == ["new"]


def test_questions_of_other_kinds_do_not_disturb_each_other() -> None:
    asker = Asker()
    asker.ask("sessions", "three")
    asker.ask("counts", "147")
    asker.answer_all()
    assert asker.used == ["three", "147"]


def test_a_newer_question_interrupts_the_query_of_the_older() -> None:
    asker = Asker()
    interrupted: list[str] = []

    def run(asking: Asking) -> None:
        asking.on_cursor(lambda: interrupted.append("query"))
        assert asker.questions.is_waiting("sessions")
        assert not asking.is_stale()
        asker.ask("counts", "147")
        assert interrupted == []
        asker.ask("sessions", "new")
        assert asking.is_stale()

    asker.ask("sessions", QueryCancelledError("interrupted"), on_run=run)
    asker.threads.waiting[0]()
    assert interrupted == ["query"]
    assert asker.threads.posted == []


def test_a_late_cursor_of_a_superseded_question_does_not_take_the_place_of_the_new_one() -> None:
    asker = Asker()
    interrupted: list[str] = []
    asker.ask("sessions", "old", on_run=lambda _: asker.ask("sessions", "new", on_run=lambda new: None))
    asker.threads.waiting[0]()
    old = asker.askings[0]
    old.on_cursor(lambda: interrupted.append("old"))
    asker.ask("sessions", "newest")
    assert interrupted == []


def test_nothing_is_waited_for_after_the_answer() -> None:
    asker = Asker()
    for answer in ("three", ValueError("no such column"), QueryCancelledError("interrupted by nobody here")):
        asker.ask("sessions", answer)
        assert asker.questions.is_waiting("sessions")
        asker.threads.waiting.pop()()
        assert asker.questions.is_waiting("sessions")
        asker.deliver()
        assert not asker.questions.is_waiting("sessions")


def test_an_error_is_handed_over() -> None:
    asker = Asker()
    error = ValueError("no such column")
    asker.ask("sessions", error)
    asker.threads.waiting[0]()
    asker.deliver()
    assert asker.errors == [error]
    assert asker.used == []


def test_only_what_is_unanswered_is_given_up() -> None:
    asker = Asker()
    asker.ask("findings", "none")
    assert asker.questions.give_up(frozenset({"findings", "card"}))
    asker.answer_all()
    assert asker.used == []
    assert not asker.questions.give_up(frozenset({"findings", "card"}))
