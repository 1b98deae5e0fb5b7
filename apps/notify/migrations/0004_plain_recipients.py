"""Recipients are kept as they are, beside the row. Packing them took half of the time it takes to
tell a city, and each note in the ledger would copy them with its row.
"""

from django.db import migrations

FORWARD = "ALTER TABLE notify_chunk ALTER COLUMN recipients SET STORAGE EXTERNAL"
BACK = "ALTER TABLE notify_chunk ALTER COLUMN recipients SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("notify", "0003_say_names_of_columns")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
