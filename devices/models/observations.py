"""What was measured. Written by set-based SQL (devices.ingest.store), read through these models."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from devices.models.catalogue import Datastream


class Observation(models.Model):
    """One result at one instant. The table is partitioned by day of `phenomenon_at` (UTC).

    Datastream and instant are the whole key: the same observation sent again changes nothing.
    No foreign key is checked on the way in; datastreams are retired, never deleted.
    """

    pk = models.CompositePrimaryKey("datastream_id", "phenomenon_at")
    datastream = models.ForeignKey(
        Datastream, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    phenomenon_at = models.DateTimeField()
    result = models.FloatField(help_text=_("in the datastream's unit"))
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.phenomenon_at:%Y-%m-%dT%H:%M:%S} {self.result:g}"


class LastObservation(models.Model):
    """The newest observation of a datastream; it moves forward only, whatever comes late."""

    datastream = models.OneToOneField(
        Datastream, on_delete=models.CASCADE, primary_key=True, related_name="last"
    )
    phenomenon_at = models.DateTimeField(_("observed at"))
    result = models.FloatField(_("result"))
    received_at = models.DateTimeField(_("received at"))
    # Of counters: what was counted in all, whatever restarts there were on the way.
    total = models.FloatField(_("counted in all"), null=True)
    # When the result was last another than before, by our clock.
    changed_at = models.DateTimeField(_("changed at"), null=True)

    class Meta:
        verbose_name = _("last observation")
        verbose_name_plural = _("last observations")

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.result:g}"
