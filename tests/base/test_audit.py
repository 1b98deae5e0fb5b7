"""The audit chain: complete, in order, and telling of edits."""

import threading

import pytest
from django.db import connection

from apps.base import audit
from apps.base.audit import Break
from apps.base.models import AuditEntry


def write(count: int) -> None:
    for n in range(count):
        audit.record(
            actor="park", action="close", subject=f"lift/{n}", detail={"why": "점검", "n": n}
        )


@pytest.mark.django_db
def test_an_untouched_chain_holds() -> None:
    write(5)
    assert audit.find_break() is None


@pytest.mark.django_db
def test_an_edited_entry_shows() -> None:
    write(5)
    AuditEntry.objects.filter(number=3).update(actor="someone else")
    assert audit.find_break() == Break(3, "edited")


@pytest.mark.django_db
def test_a_removed_entry_shows() -> None:
    write(5)
    AuditEntry.objects.filter(number=2).delete()
    assert audit.find_break() == Break(2, "missing")


@pytest.mark.django_db
def test_an_entry_made_again_with_its_own_hash_shows_in_the_next() -> None:
    write(3)
    entry = AuditEntry.objects.get(number=2)
    entry.action = "open"
    entry.hash = audit._hash_of(entry)
    entry.save()
    assert audit.find_break() == Break(3, "edited")


@pytest.mark.django_db(transaction=True)
def test_entries_written_at_once_form_one_chain() -> None:
    def work() -> None:
        try:
            write(10)
        finally:
            connection.close()

    writers = [threading.Thread(target=work) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)
    assert AuditEntry.objects.count() == 30
    assert audit.find_break() is None
