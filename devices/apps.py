from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    name = "devices"
    label = "devices"
    verbose_name = _("Devices")

    def ready(self) -> None:
        from apps.base import retention, work
        from apps.base.cards import cards
        from devices.adapters.linked import adapters as linked
        from devices.adapters.pulled import adapters
        from devices.adapters.video import video_adapters
        from devices.ingest.consequences import BACKLOG
        from devices.services.gateways import BROKER_WORK

        for kind in ("ea_flood", "hrfco", "kma_aws", "kma_forecast", "seoul_sewer"):
            adapters.add(kind, f"devices.adapters.{kind}.adapter.read")
        adapters.add("parkapi", "devices.adapters.parkapi.adapter.read")
        for kind in ("chirpstack", "modbus", "seongnam"):
            linked.add(kind, f"devices.adapters.{kind}.adapter.adapter")
        for kind in ("mjpeg", "rtsp", "video_file"):
            video_adapters.add(kind, f"devices.adapters.{kind}.adapter.open_stream")
        cards.add("devices.alarms", "devices.selectors.cards.alarms")
        cards.add("devices.quarantine", "devices.selectors.cards.quarantine")
        work.handlers.add(BROKER_WORK, "devices.mqtt.identities.tell_broker")
        work.handlers.add(BACKLOG, "devices.ingest.consequences.receive_again")
        retention.rules.add("observations", "devices.services.rollups.keep_observations")
        for rule in ("remove_old_stills", "remove_old_events", "remove_old_patches"):
            retention.rules.add(f"cameras.{rule}", f"devices.services.camera_events.{rule}")
