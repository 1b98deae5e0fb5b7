"""What is sent with each question may hold a key: it is kept sealed."""

from typing import Any

from django.db import migrations, models


def seal_them(apps: Any, _editor: Any) -> None:
    from devices.services.pulling import seal_headers

    for source in apps.get_model("devices", "PullSource").objects.exclude(headers={}):
        source.headers_sealed = seal_headers(source.headers)
        source.save(update_fields=["headers_sealed"])


class Migration(migrations.Migration):
    dependencies = [("devices", "0009_cameras")]

    operations = [
        migrations.AddField(
            model_name="pullsource",
            name="headers_sealed",
            field=models.TextField(blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(seal_them, migrations.RunPython.noop),
        migrations.RemoveField(model_name="pullsource", name="headers"),
    ]
