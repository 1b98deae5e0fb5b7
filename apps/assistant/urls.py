from django.urls import path

from apps.assistant.rest import calls, kakao, line

urlpatterns = [
    path("calls", calls.WebCallView.as_view(), name="assistant-calls"),
    path("channels/kakao/skill", kakao.KakaoSkillView.as_view(), name="assistant-kakao"),
    path("channels/line/webhook", line.LineWebhookView.as_view(), name="assistant-line"),
]
