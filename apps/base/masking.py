"""Personal data masked wherever text may be kept by accident: logs, error reports, work errors.

Only what can be recognised by its form is masked; free text meant to be kept has recognisers of
its own with checksums. The order matters: longer forms come before their parts.
"""

import logging
import re

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("rrn", re.compile(r"(?<!\d)\d{6}-[1-8]\d{6}(?!\d)")),
    ("card", re.compile(r"(?<!\d)(?:\d{4}[ -]){3}\d{4}(?!\d)")),
    (
        "phone",
        re.compile(r"(?<![\w.])(?:\+\d{1,3}[ -]?)(?:\(?\d{1,4}\)?[ -]?){2,4}\d{2,4}(?!\w)"),
    ),
    ("phone", re.compile(r"(?<![\d.-])0\d{1,2}[ -]?\d{3,4}[ -]?\d{4}(?![\d.-])")),
    ("token", re.compile(r"(?i)(?<=bearer )[\w.~+/-]{8,}=*|(?<=session-token: )\S+")),
)


def mask(text: str) -> str:
    """Replace what looks like an identifier of a person by `[kind]`."""
    for kind, form in _FORMS:
        text = form.sub(f"[{kind}]", text)
    return text


class MaskingFilter(logging.Filter):
    """Masks the finished message and the traceback of every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
        return True
