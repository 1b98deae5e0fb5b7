from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# name → module of its one object
SKILLS = {
    "alerts_here": "alerts_here.skill",
    "ask_knowledge": "ask_knowledge.skill",
    "book_parking": "book_parking.skill",
    "book_ride": "book_ride.skill",
    "cancel_parking": "cancel_parking.skill",
    "cancel_ride": "cancel_ride.skill",
    "complaint_status": "complaint_status.skill",
    "correct_complaint": "correct_complaint.skill",
    "explain_way": "explain_way.skill",
    "file_complaint": "file_complaint.skill",
    "find_parking": "find_parking.skill",
    "find_way": "find_way.skill",
    "follow_complaint": "follow_complaint.skill",
    "i_am_safe": "safety.i_am_safe",
    "need_help": "safety.need_help",
    "parking_forecast": "parking_forecast.skill",
    "rate_complaint": "rate_complaint.skill",
    "track_ride": "track_ride.skill",
    "withdraw_complaint": "withdraw_complaint.skill",
}


class AssistantConfig(AppConfig):
    name = "apps.assistant"
    label = "assistant"
    verbose_name = _("Assistant")

    def ready(self) -> None:
        from apps.accounts.services.personal_data import erasers, exporters
        from apps.assistant.channels.registry import channels, fetchers, listeners
        from apps.assistant.events import ANSWER
        from apps.assistant.services.engines.registry import engines
        from apps.assistant.services.parking import CONFIRM_PARKING
        from apps.assistant.skills.registry import skills
        from apps.base import live, work
        from apps.base.health import probes
        from apps.base.retention import rules
        from apps.notify.services.transports import transports

        engines.add("rasa", "apps.assistant.rasa.driver.rasa")
        for kind in ("kakao", "line", "web"):
            channels.add(kind, f"apps.assistant.channels.{kind}.channel.{kind}")
        for kind in ("kakao", "line"):
            transports.add(f"{kind}_chat", f"apps.assistant.channels.{kind}.transport.make")
        channels.add("voice", "apps.assistant.channels.voice.channel.channel")
        fetchers.add("line", "apps.assistant.channels.line.photos.fetch_photo")
        live.guards.add("assistant.chat", "apps.assistant.channels.web.channel.never")
        live.sources.add("assistant.chat", "apps.assistant.channels.web.channel.topic")
        listeners.add("web", "apps.assistant.channels.web.channel.show")
        listeners.add("line", "apps.assistant.services.delivery.send_turns")
        exporters.add("calls", "apps.assistant.voice.own_data.export_calls")
        erasers.add("calls", "apps.assistant.voice.own_data.erase_calls")
        for name, path in SKILLS.items():
            skills.add(name, f"apps.assistant.skills.{path}")
        work.handlers.add(ANSWER, "apps.assistant.services.waiting.answer_next")
        work.handlers.add(CONFIRM_PARKING, "apps.assistant.services.parking.confirm_parking")
        exporters.add("assistant", "apps.assistant.services.own_data.export_conversations")
        erasers.add("assistant", "apps.assistant.services.own_data.erase_conversations")
        probes.add("assistant", "apps.assistant.selectors.health.assistant")
        probes.add("voice", "apps.assistant.selectors.health.voice")
        for rule in ("conversations", "deeds", "events", "names", "questions", "trackers"):
            rules.add(f"assistant.{rule}", f"apps.assistant.services.retention.{rule}")
        for rule in ("old_recordings", "old_calls"):
            rules.add(f"assistant.{rule}", f"apps.assistant.voice.records.{rule}")
