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
        from apps.assistant.channels.registry import channels
        from apps.assistant.services.parking import CONFIRM_PARKING
        from apps.assistant.skills.registry import skills
        from apps.base import work
        from apps.base.retention import rules

        channels.add("voice", "apps.assistant.channels.voice.channel.channel")
        for name, path in SKILLS.items():
            skills.add(name, f"apps.assistant.skills.{path}")
        work.handlers.add(CONFIRM_PARKING, "apps.assistant.services.parking.confirm_parking")
        for rule in ("deeds", "questions"):
            rules.add(f"assistant.{rule}", f"apps.assistant.services.retention.{rule}")
        for rule in ("old_recordings", "old_calls"):
            rules.add(f"assistant.{rule}", f"apps.assistant.voice.records.{rule}")
