"""The channels' doors as their operators knock: Kakao's skill payload, LINE's signed events."""

import base64
import hashlib
import hmac
import json
from typing import Any

KAKAO = "/api/v1/assistant/channels/kakao/skill"
LINE = "/api/v1/assistant/channels/line/webhook"
SECRET = "for the benchmark alone"  # noqa: S105
SAYINGS = (
    "안녕하세요",
    "가로등이 고장났어요, 정발산역 앞이에요",
    "주차할 데 있어요?",
    "지금 경보가 있나요",
    "고마워요",
    "hello there, is there a flood warning?",
    "처음부터 다시 할게요",
    "민원 처리 상태가 궁금해요",
)


def kakao_body(user: str, text: str) -> bytes:
    told = {
        "userRequest": {
            "timezone": "Asia/Seoul", "utterance": text, "lang": "ko",
            "user": {"id": user, "type": "botUserKey", "properties": {}},
            "block": {"id": "b", "name": "fallback"},
        },
        "bot": {"id": "bot", "name": "bench"},
        "action": {"id": "a", "name": "talk", "params": {}, "detailParams": {}},
        "intent": {"id": "i", "name": "fallback"},
    }  # fmt: skip
    return json.dumps(told).encode()


def kakao_headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}


def line_event(number: int, user: str, text: str) -> dict[str, Any]:
    return {
        "type": "message", "mode": "active", "timestamp": 1_700_000_000_000 + number,
        "source": {"type": "user", "userId": user}, "webhookEventId": f"E{number:08d}",
        "deliveryContext": {"isRedelivery": False}, "replyToken": f"r{number}",
        "message": {"id": str(number), "type": "text", "text": text},
    }  # fmt: skip


def line_body(events: list[dict[str, Any]]) -> tuple[bytes, dict[str, str]]:
    body = json.dumps({"destination": "U0", "events": events}).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    signature = base64.b64encode(digest).decode()
    return body, {"X-Line-Signature": signature, "Content-Type": "application/json"}
