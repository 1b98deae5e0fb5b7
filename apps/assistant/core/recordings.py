"""What stands in a report for words that were only recorded: a note where to listen.

Skills take it for the words; nothing may be read or guessed from it.
"""

MARK = "☎ "


def recording_note(sentence: str) -> str:
    return MARK + sentence


def is_recording(text: str) -> bool:
    return text.startswith(MARK)
