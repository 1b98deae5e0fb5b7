"""Between tests that commit, the database is as empty as it was made."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from apps.base import audit
from apps.base.models import AuditEntry
from tests.support.database import _written_tables, empty_written_tables


@pytest.mark.django_db(transaction=True)
def test_everything_goes_even_what_may_only_be_added() -> None:
    types = ContentType.objects.count()
    audit.record(actor="test", action="test", subject="test:1")
    assert "base_auditentry" in _written_tables()
    empty_written_tables()
    assert _written_tables() == []
    assert AuditEntry.objects.count() == 0
    assert ContentType.objects.count() == types > 0


@pytest.mark.django_db(transaction=True)
def test_rules_for_rows_hold_again_afterwards() -> None:
    empty_written_tables()
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
