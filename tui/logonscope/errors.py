"""Every error that logonscope raises on purpose.

LogonscopeError             says what, where and what to do next
├── SourceError             a path cannot be read as an event log; the other paths go on
├── FilterError             a filter text is wrong at one character
├── StoreError              the case store cannot be opened or written
├── FleetError              the cluster that should do the work is not there, or ended
├── OutputError             a file to write to cannot be made
├── UnknownTopicError       nothing is known of what was to be explained
├── UnknownSubjectError     the logs hold nothing of a user, source or machine that was asked for
├── WatchlistError          a watchlist is wrong: the file, the place in it and the nearest valid key
└── KnowledgeError          one of the program's own TOML files is wrong
"""

from __future__ import annotations


class LogonscopeError(Exception):
    """The base of the tree.

    Args:
        message: What went wrong and where, in one line.
        advice: What to do next, or an empty string.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class SourceError(LogonscopeError):
    """A path that cannot be read as an event log: what was found there, and what is supported."""


class FilterError(LogonscopeError):
    """A filter text that cannot be understood.

    Args:
        message: What is wrong.
        start: Position of the first wrong character, counted from 0.
        stop: Position after the last wrong character.
        advice: The nearest valid name, or how to write it.
    """

    def __init__(self, message: str, start: int, stop: int, advice: str = "") -> None:
        super().__init__(message, advice)
        self.start = start
        self.stop = stop
        self.text = ""
        """The whole filter, where it is known: to mark the place in it."""


class StoreError(LogonscopeError):
    """The case store cannot be opened, read or written."""


class FleetError(LogonscopeError):
    """The Dask cluster that should do the work cannot be had, or ended before the work did."""


class OutputError(LogonscopeError):
    """A file that output should go to cannot be made."""


class QueryCancelledError(LogonscopeError):
    """A query was interrupted because its answer is no longer wanted."""


class UnknownTopicError(LogonscopeError):
    """Something was to be explained that nothing is known of."""


class UnknownSubjectError(LogonscopeError):
    """The logs hold nothing of a user, source or machine that was asked for."""


class WatchlistError(LogonscopeError):
    """A watchlist cannot be read or does not fit."""


class KnowledgeError(LogonscopeError):
    """One of the TOML files under ``knowledge/`` does not fit its schema."""
