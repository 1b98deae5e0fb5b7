from django.urls import path

from apps.assistant.rest import calls

urlpatterns = [
    path("calls", calls.WebCallView.as_view(), name="assistant-calls"),
]
