"""The inner door's paths. The public web server has none of them."""

from django.urls import path

from apps.assistant.rasa import views

urlpatterns = [
    path("rasa/actions", views.actions),
    path("rasa/sayings", views.sayings),
    path("rasa/trackers/<uuid:session>", views.tracker),
]
