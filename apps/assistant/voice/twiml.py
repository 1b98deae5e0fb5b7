"""TwiML, as Twilio reads it, and its webhooks' signature.

X-Twilio-Signature = base64(HMAC-SHA1(auth token, URL + every form field's name and value, sorted by
name)).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

HEADER = '<?xml version="1.0" encoding="UTF-8"?>'
LANGUAGES = {"ko": "ko-KR", "en": "en-US"}


def signature(url: str, form: Mapping[str, str], token: str) -> str:
    written = url + "".join(name + form[name] for name in sorted(form))
    mac = hmac.new(token.encode(), written.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def is_signed(given: str, url: str, form: Mapping[str, str], token: str) -> bool:
    """In constant time; never without a token."""
    expected = signature(url, form, token)
    return bool(token) and hmac.compare_digest(given.encode(), expected.encode())


def response(*verbs: str) -> str:
    return f"{HEADER}<Response>{''.join(verbs)}</Response>"


def connect_stream(url: str, proof: str) -> str:
    parameter = f'<Parameter name="proof" value={quoteattr(proof)}/>'
    return response(f"<Connect><Stream url={quoteattr(url)}>{parameter}</Stream></Connect>")


def dial(number: str) -> str:
    return response(f"<Dial>{escape(number)}</Dial>")


def say(text: str, language: str) -> str:
    return f'<Say language="{LANGUAGES.get(language, language)}">{escape(text)}</Say>'


def gather(*inner: str, action: str, language: str, digits: int, hints: str = "") -> str:
    """Speech or keys; silence posts, too, so that the conversation can ask again."""
    return (
        f'<Gather input="speech dtmf" action={quoteattr(action)} method="POST" '
        f'language="{LANGUAGES.get(language, language)}" speechTimeout="auto" timeout="7" '
        f'numDigits="{digits}" actionOnEmptyResult="true" hints={quoteattr(hints[:500])}>'
        f"{''.join(inner)}</Gather>"
    )


def hang_up() -> str:
    return "<Hangup/>"
