"""Which datastream speaks for which spaces."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.parking.models.sites import Bay, CapacityPool
from devices.models import Datastream


class PoolFeed(models.Model):
    """A datastream's say on a pool: a count of free or occupied spaces, a gate's running counter,
    or the state of one bay."""

    class Role(models.TextChoices):
        FREE = "free", _("counts free spaces")
        OCCUPIED = "occupied", _("counts occupied spaces")
        GATE_IN = "gate_in", _("counts cars in")
        GATE_OUT = "gate_out", _("counts cars out")
        BAY = "bay", _("watches one bay")

    datastream = models.OneToOneField(
        Datastream,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="pool_feed",
        verbose_name=_("datastream"),
    )
    pool = models.ForeignKey(
        CapacityPool, on_delete=models.CASCADE, related_name="feeds", verbose_name=_("pool")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    bay = models.ForeignKey(
        Bay, on_delete=models.CASCADE, related_name="feeds", verbose_name=_("bay"), null=True
    )
    trust = models.FloatField(
        _("trust"),
        default=1.0,
        help_text=_("From 0 to 1: how well it has agreed with what else is known."),
    )
    anchor_count = models.FloatField(_("counter when the pool was last counted"), default=0.0)

    class Meta:
        verbose_name = _("feed of a pool")
        verbose_name_plural = _("feeds of pools")
        constraints = [
            models.CheckConstraint(
                condition=Q(role="bay", bay__isnull=False) | (~Q(role="bay") & Q(bay=None)),
                name="bay_feeds_name_their_bay",
            ),
            models.CheckConstraint(
                condition=Q(trust__gte=0, trust__lte=1), name="trust_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.role}"
