"""Names in several languages as one JSON object: language code → text, "" the local name."""

from collections.abc import Mapping

Names = Mapping[str, str]


def pick(names: Names, language: str) -> str:
    """The name in `language`, else the local one, else English, else any."""
    for code in (language, "", "en"):
        if names.get(code):
            return names[code]
    return next((text for text in names.values() if text), "")


def from_tags(tags: Mapping[str, str], *, key: str = "name") -> dict[str, str]:
    """Names from OpenStreetMap's `name`, `name:ko`, `name:en` …"""
    found = {"": tags[key]} if tags.get(key) else {}
    prefix = f"{key}:"
    for tag, text in tags.items():
        if tag.startswith(prefix) and 2 <= len(tag) - len(prefix) <= 3 and text:
            found[tag.removeprefix(prefix)] = text
    return found
