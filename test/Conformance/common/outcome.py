"""How a case ends: the exceptions a case raises and the record the report keeps."""

from dataclasses import dataclass


class Failure(Exception):
    """The case failed: wrong result, broken contract, or an error nobody expected."""


class StatusFailure(Failure):
    """A call through the C ABI ended with another status than OK: `code`, by name."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


class Unsupported(Exception):
    """The compiler, or the runner, says clearly that it does not do this yet."""


class Skipped(Exception):
    """Something outside the project that the case needs is absent."""


@dataclass(frozen=True)
class Outcome:
    """`status` is pass, fail, unsupported or skip; `reason` is one line, "" for a pass."""

    status: str
    reason: str = ""
