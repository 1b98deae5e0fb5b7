"""`push_per_s`: one sender process, 50 ms answers over TLS, beside pyfcm's bulk call and
firebase-admin's, one after the other in the same run."""

import json
import time
from collections.abc import Iterator

from benchmarks.devices.stage import Stage
from benchmarks.notify.peer import Peer
from benchmarks.notify.tellings import forget_tellings, start_sender, tell_phones, wait_until
from benchmarks.report import Metric

COUNT = 20_000
PYFCM_COUNT = 1_500
BULK = 500
CASE = "one process, 50 ms, TLS"


def measure(stage: Stage, peer: Peer) -> Iterator[Metric]:
    ours = _ours(stage, peer)
    yield Metric("push_per_s", CASE, ours, "messages/s", "pyfcm bulk call", _pyfcm(peer))
    yield Metric("push_per_s", CASE, ours, "messages/s", "firebase-admin", _firebase(peer))


def _ours(stage: Stage, peer: Peer) -> float:
    """From the first arrival to the last, once the process is up and has opened its connections."""
    sender = start_sender(stage, peer)
    try:
        tell_phones(stage, 2_000, key="warm")
        wait_until(2_000, stage)
        peer.ask("reset")
        tell_phones(stage, COUNT, key="speed")
        wait_until(2_000 + COUNT, stage)
        arrivals = peer.ask("counts")["arrivals"]
    finally:
        sender.kill()
        sender.wait()
        forget_tellings(stage)
    return float(len(arrivals) / (arrivals[-1] - arrivals[0]))


def _pyfcm(peer: Peer) -> float:
    from apps.notify.kinds.fcm.account import Account

    account = Account(peer.folder / "fcm-account.json")
    account.FCM_END_POINT_BASE = peer.url
    messages = [
        {"fcm_token": f"ok-{n}", "notification_title": "홍수: 강변동", "notification_body": "대피"}
        for n in range(PYFCM_COUNT)
    ]
    with _trusting(peer):
        account.async_notify_multiple_devices(messages[:50])
        started = time.perf_counter()
        for first in range(0, PYFCM_COUNT, BULK):
            account.async_notify_multiple_devices(messages[first : first + BULK], timeout=60)
    return PYFCM_COUNT / (time.perf_counter() - started)


def _firebase(peer: Peer) -> float:
    import firebase_admin
    from firebase_admin import credentials, messaging

    account = json.loads((peer.folder / "fcm-account.json").read_text())
    with _trusting(peer):
        app = firebase_admin.initialize_app(credentials.Certificate(account))
        service = messaging._get_messaging_service(app)  # noqa: SLF001 - the address is fixed
        service._fcm_url = f"{peer.url}/{account['project_id']}/messages:send"  # noqa: SLF001
        note = messaging.Notification(title="홍수: 강변동", body="대피")
        batch = [messaging.Message(token=f"ok-{n}", notification=note) for n in range(BULK)]
        started = time.perf_counter()
        answer = messaging.send_each(batch, app=app)
        took_s = time.perf_counter() - started
        firebase_admin.delete_app(app)
    assert answer.success_count == BULK, answer.responses[0].exception
    return BULK / took_s


class _trusting:  # noqa: N801 - reads as a verb
    """Both peers trust our own certificate as requests and aiohttp take it from here."""

    def __init__(self, peer: Peer) -> None:
        self.file = str(peer.folder / "peer.pem")

    def __enter__(self) -> None:
        import os
        import ssl

        self.kept = {name: os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
        os.environ.update(REQUESTS_CA_BUNDLE=self.file, SSL_CERT_FILE=self.file)
        self.context = ssl.create_default_context

    def __exit__(self, *_: object) -> None:
        import os

        for name, value in self.kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
