"""Personal data planted in reports: how much is found, and what comes out where it must not."""

import io
import logging
import random
from collections.abc import Callable, Iterator

from benchmarks.report import Metric

PLANTED = 1000
FILED, IN_EACH = 100, 5
SEED = 77
_SENTENCES = (
    "보도블록이 깨졌어요. {} 로 연락 주세요", "가로등이 나갔습니다 {}", "{} 때문에 신고합니다",
    "제 정보는 {}입니다 빨리 고쳐 주세요", "The kerb is broken, contact: {}", "{} – please call back",
    "쓰레기를 버린 사람: {} 확인 바랍니다", "(문의 {})",
)  # fmt: skip


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _resident(chance: random.Random) -> str:
    head = f"{chance.randint(50, 99)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    body = head + chance.choice("12") + _digits(chance, 5)
    total = sum(int(d) * w for d, w in zip(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=True))
    whole = f"{body}{(11 - total % 11) % 10}"
    return chance.choice((f"{whole[:6]}-{whole[6:]}", whole))


def _phone(chance: random.Random) -> str:
    def n(count: int) -> str:
        return _digits(chance, count)

    return chance.choice((
        f"010-{n(4)}-{n(4)}", f"010{n(8)}", f"010 {n(4)} {n(4)}", f"02-{n(3)}-{n(4)}",
        f"031-{n(3)}-{n(4)}", f"+82 10 {n(4)} {n(4)}", f"09{n(1)} {n(3)} {n(4)}",
        f"+84 9{n(1)} {n(3)} {n(4)}", f"08{n(1)}-{n(3)}-{n(4)}", f"+66 8{n(1)} {n(3)} {n(4)}",
        f"+63 9{n(2)} {n(3)} {n(4)}", f"01{chance.choice('2346')}-{n(3)} {n(4)}",
        f"+60 12 {n(3)} {n(4)}", f"+39 34{n(1)} {n(3)} {n(4)}", f"+34 6{n(2)} {n(3)} {n(3)}",
    ))  # fmt: skip


def _email(chance: random.Random) -> str:
    name = "".join(chance.choice("abcdefghijkmnop.") for _ in range(8)).strip(".") or "kim"
    return f"{name}{chance.randint(1, 99)}@{chance.choice(('dalbit.example', 'mail.test'))}"


def _card(chance: random.Random) -> str:
    body = chance.choice("45") + _digits(chance, 14)
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(body)]
    check = (10 - sum(n - 9 if n > 9 else n for n in doubled) % 10) % 10
    whole = f"{body}{check}"
    gap = chance.choice(("", " ", "-"))
    return gap.join(whole[n : n + 4] for n in range(0, 16, 4))


def _plate(chance: random.Random) -> str:
    letter = chance.choice("가나다라마바사아자하허호")
    gap = chance.choice(("", " "))
    return f"{_digits(chance, chance.choice((2, 3)))}{gap}{letter}{gap}{_digits(chance, 4)}"


def _account(chance: random.Random) -> str:
    bank = chance.choice(("국민은행", "농협", "신한", "계좌번호"))
    return f"{bank} {_digits(chance, 3)}-{_digits(chance, 4)}-{_digits(chance, 4)}-{_digits(chance, 2)}"


_MAKERS: tuple[Callable[[random.Random], str], ...] = (
    _resident, _phone, _phone, _email, _card, _plate, _account,
)  # fmt: skip


def _planted(count: int) -> Iterator[tuple[str, str]]:
    """(a sentence, the secret in it as it must not be seen again)."""
    chance = random.Random(SEED)
    for n in range(count):
        made = _MAKERS[n % len(_MAKERS)](chance)
        yield chance.choice(_SENTENCES).format(made), made.split(" ", 1)[1] if (
            made[0] > "가" and not made[0].isdigit()
        ) else made  # fmt: skip


def measure_found() -> Metric:
    from apps.complaints.core.identifiers import mask_identifiers

    found = sum(secret not in mask_identifiers(text) for text, secret in _planted(PLANTED))
    return Metric(
        "identifiers_found", f"{PLANTED} planted, of six kinds", found / PLANTED, "share", "limit",
        0.99,
    )  # fmt: skip


def measure_leaks() -> Metric:
    """File reports full of them; look into logs, public API and exports."""
    import django

    django.setup()
    from django.db import transaction

    secrets, seen = _filed_and_seen()
    leaked = sum(secret in seen for secret in secrets)
    transaction.get_connection().close()
    return Metric(
        "identifiers_leaked", f"{len(secrets)} planted; logs, public API, exports", leaked,
        "identifiers", "limit", 0.0,
    )  # fmt: skip


def _filed_and_seen() -> tuple[list[str], str]:
    from django.db import transaction

    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        with transaction.atomic():
            secrets = _file_all()
            seen = "\n".join(_everything_public())
            transaction.set_rollback(True)
    finally:
        logging.getLogger().removeHandler(handler)
    return secrets, seen + log.getvalue()


def _file_all() -> list[str]:
    from benchmarks.complaints.town import file, found_town

    found_town()
    planted = list(_planted(FILED * IN_EACH))
    for n in range(0, len(planted), IN_EACH):
        file(" / ".join(text for text, _secret in planted[n : n + IN_EACH]))
    return [secret for _text, secret in planted]


def _everything_public() -> Iterator[str]:
    from django.test import Client

    from apps.complaints.core.open_data import WRITERS
    from apps.complaints.services.open_data import open_rows

    client = Client(SERVER_NAME="localhost")
    for path in ("/open311/v2/requests.json", "/open311/v2/requests.xml",
                 "/open311/v2/servicerequestupdates.json",
                 "/api/v1/complaints/requests?page_size=500"):  # fmt: skip
        answer = client.get(path)
        yield answer.content.decode()
    rows = list(open_rows())
    for write in WRITERS.values():
        yield write(rows).decode("utf-8", "replace")
