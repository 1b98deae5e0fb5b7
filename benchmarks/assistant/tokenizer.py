"""Signs of real sentences in eight languages that are in no word."""

import re
import unicodedata

from apps.assistant.core.words import words
from benchmarks.report import Metric
from benchmarks.samples import sample_path

_BLANK = re.compile(r"\s+")


def measure() -> Metric:
    lost = lines = 0
    for path in sorted(sample_path("complaints/langid").rglob("*.txt")):
        for line in path.read_text(errors="replace").splitlines():
            text = unicodedata.normalize("NFC", line)
            kept = sum(len(word.text) for word in words(text))
            lost += len(_BLANK.sub("", text)) - kept
            lines += 1
    return Metric("tokenizer_lost_chars", f"langid, {lines} lines", lost, "signs", "limit", 0)
