"""Proof that a caller holds the telephone whose number they show: a code by text message, keyed in.

Numbers can be forged; what is another's business is read out only after this, and only in this
call.
"""

from django.utils.translation import get_language

from apps.accounts.services.phone_codes import confirm_phone_code, request_phone_code
from apps.assistant.core.commands import read_skill
from apps.assistant.models import Call
from apps.assistant.voice.records import prove_caller
from apps.base.problems import Problem

DIGITS = 6
PRIVATE = frozenset(
    ("cancel_parking", "cancel_ride", "correct_complaint", "track_ride", "withdraw_complaint")
)


def needs_check(call: Call, choice: str) -> bool:
    """Whether this would tell, or change, what belongs to whoever has the number."""
    identity = call.identity
    assert identity is not None
    skill, _words = read_skill(choice)
    return skill in PRIVATE and identity.person_id is not None and identity.verified_at is None


def send_code(call: Call) -> str:
    """The code's name, or nothing where none can be sent to this number now."""
    try:
        sent = request_phone_code(phone=call.caller, locale=get_language() or call.language)
    except Problem:
        return ""
    return str(sent.code)


def is_proven(call: Call, code: str, digits: str) -> bool | None:
    """True: proven. False: wrong digits. None: the code is over, a new one is needed."""
    try:
        confirm_phone_code(code=code, digits=digits)
    except Problem as problem:
        return False if problem.errors else None
    prove_caller(call=call)
    return True
