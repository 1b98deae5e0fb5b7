"""How often one message asks the database: it is the way of every answer, so it is kept short."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.assistant.conftest import Citizen

MOST = 18


def test_a_message_takes_few_statements(sora: Citizen) -> None:
    sora.say("hello")
    with CaptureQueriesContext(connection) as asked:
        sora.say("hello again")
    assert len(asked) <= MOST, "\n".join(_sql(one) for one in asked.captured_queries)


def _sql(one: dict[str, Any]) -> str:
    return str(one["sql"])[:120]
