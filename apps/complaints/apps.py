from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "apps.complaints"
    label = "complaints"
    verbose_name = _("Complaints")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.base import cards, work
        from apps.base.retention import rules
        from apps.complaints.events import FETCH, LEARN, SETTLE, TRAIN

        work.handlers.add(TRAIN, "apps.complaints.services.learning.train_anyway")
        work.handlers.add(LEARN, "apps.complaints.services.learning.learn")
        work.handlers.add(FETCH, "apps.complaints.services.remote_photos.fetch_photo")
        work.handlers.add(SETTLE, "apps.complaints.services.settling.settle")
        exporters.add("complaints", "apps.complaints.services.own_data.export_complaints")
        erasers.add("complaints", "apps.complaints.services.own_data.erase_complaints")
        for rule in ("unclaimed_photos", "old_requests", "old_open_data"):
            rules.add(f"complaints.{rule}", f"apps.complaints.services.retention.{rule}")
        cards.cards.add("complaints", "apps.complaints.selectors.cards.complaints")
