"""What stands in a report for words that were only recorded: a note where to listen.

Skills take it for the words; nothing may be read or guessed from it.
"""

MARK = "☎ "


def recording_note(where: str) -> str:
    """`where` names call and turn. Nothing but the name: two such notes must not look alike to
    whoever compares reports."""
    return MARK + where


def is_recording(text: str) -> bool:
    return text.startswith(MARK)
