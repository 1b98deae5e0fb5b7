from django.urls import path

from apps.assistant.voice import webhooks

urlpatterns = [
    path("twilio/incoming", webhooks.incoming, name="voice-incoming"),
    path("twilio/gathered/<uuid:code>", webhooks.gathered, name="voice-gathered"),
    path("twilio/status/<uuid:code>", webhooks.status, name="voice-status"),
    path("asterisk/calls", webhooks.asterisk_calls, name="voice-asterisk-calls"),
]
