"""Recipients are kept as they are, beside the row. Packing them took half of the time it takes to
tell a city, and each note in the ledger would copy them with its row.
"""

from django.db import migrations

FORWARD = "ALTER TABLE notify_chunk ALTER COLUMN recipients SET STORAGE EXTERNAL"
BACK = "ALTER TABLE notify_chunk ALTER COLUMN recipients SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("notify", "0002_budget_trouble")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
