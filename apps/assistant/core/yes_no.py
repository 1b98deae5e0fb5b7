"""Yes or no, as people say it."""

import re

from apps.assistant.core.commands import Go, go
from apps.assistant.core.messages import Inbound
from apps.assistant.core.slots import Context

_YES = re.compile(
    r"^\s*(네+|넵|넹|예+|응+|어|그래요?|맞아요?|맞습니다|좋아요?|좋습니다|ㅇㅇ|ㅇㅋ|오케이|그렇습니다"
    r"|(그렇게|그대로|그걸로)?\s*(해|예약해|접수해|신청해|보내|부탁해)\s*(줘요?|주세요|주십시오|요)"
    r"|(예약|접수|신청|진행)(할게요|하겠습니다|합니다|부탁(해요|드려요|드립니다))"
    r"|yes+|yeah|yep|yup|ok(ay)?|sure|right|correct|that'?s right|go ahead|please do|perfect"
    r"|(please\s+)?(do|book|send|file|take|submit|confirm)\s+(it|that|this)( one)?|confirm)"
    r"([\s,.!~]+.{0,20})?$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\s*(아니요?|아뇨|아니에요|아닙니다|아냐|노|ㄴㄴ|싫어요?|틀렸어요|틀려요|no+"
    r"|nope|nah|not? (really|yet)|그게\s*아니(에요|고요?)?|아닌데요?"
    r"|don'?t|wrong|that'?s wrong)([\s,.!~]+.{0,20})?$",
    re.IGNORECASE,
)


def said_yes(heard: Inbound, context: Context) -> bool | None:
    """True for yes, False for no (keypad: 1 and 2), None where it was neither."""
    if heard.choice:
        return {go(Go.YES): True, go(Go.NO): False}.get(heard.choice)
    if heard.digits:
        return {"1": True, "2": False}.get(heard.digits)
    said = says_only(heard.text)
    return said if said is not None else {"affirm": True, "deny": False}.get(context.intent)


def says_only(text: str) -> bool | None:
    """What the words by themselves say, whatever an engine made of them."""
    if _YES.match(text):
        return True
    return False if _NO.match(text) else None
