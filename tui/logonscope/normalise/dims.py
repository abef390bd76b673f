"""Growing integer codes for texts that repeat: a column keeps the code, a dim keeps the text once.

Code 0 is always the empty value. Codes only grow, so that a reader of the store may look one up at any time
while a writer adds more.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any

from logonscope.normalise import values

if TYPE_CHECKING:
    from collections.abc import Callable


_MOST_RAW = 200_000
"""As many raw values are remembered; most cases have fewer."""


class TextDim(dict[Any, int]):
    """Codes of one column of texts, looked up by the raw field value.

    Args:
        clean: Turns a raw field value into the text to keep.
    """

    def __init__(self, clean: Callable[[Any], str]) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        """The text of each code."""
        self._clean = clean
        self._codes: dict[str, int] = {"": 0}

    def restore(self, texts: list[str]) -> None:
        """Go on from the texts of an earlier run, in the order of their codes."""
        self.texts = texts
        self._codes = {text: code for code, text in enumerate(texts)}

    def __missing__(self, raw: Any) -> int:
        if len(self) >= _MOST_RAW:
            self.clear()
        code = self[raw] = self.code(self._clean(raw))
        return code

    def code(self, text: str) -> int:
        """The code of a text that is clean."""
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return code


class AccountDim(dict[tuple[Any, Any, Any], int]):
    """Codes of accounts, looked up by the raw (SID, name, domain)."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: list[tuple[str, str, str]] = [("", "", "")]
        """SID, name and domain of each code."""
        self._codes: dict[tuple[str, str, str], int] = {("", "", ""): 0}

    def restore(self, accounts: list[tuple[str, str, str]]) -> None:
        """Go on from the accounts of an earlier run, in the order of their codes."""
        self.accounts = accounts
        self._codes = {account: code for code, account in enumerate(accounts)}

    def __missing__(self, raw: tuple[Any, Any, Any]) -> int:
        if len(self) >= _MOST_RAW:
            self.clear()
        sid, name, domain = values.account(*raw)
        code = self[raw] = self.code((sid, name, intern(domain)))
        return code

    def code(self, account: tuple[str, str, str]) -> int:
        """The code of an account whose texts are clean."""
        code = self._codes.get(account)
        if code is None:
            code = self._codes[account] = len(self.accounts)
            self.accounts.append(account)
        return code


class Dims:
    """The dims of one case."""

    def __init__(self) -> None:
        self.account = AccountDim()
        self.text: dict[str, TextDim] = {
            "provider": TextDim(values.text),
            "channel": TextDim(values.text),
            "computer": TextDim(values.text),
            "source_ip": TextDim(values.address),
            "workstation": TextDim(values.text),
            "process": TextDim(values.text),
            "logon_process": TextDim(values.text),
            "object": TextDim(values.text),
            "activity": TextDim(values.text),
        }
