from django.urls import path

from apps.complaints.rest import open_data, photos, requests, services

urlpatterns = [
    path("services", services.ServiceListView.as_view(), name="complaints-services"),
    path("services/<slug:service_code>", services.ServiceView.as_view()),
    path("photos", photos.PhotoUploadView.as_view(), name="complaints-photos"),
    path("photos/<uuid:code>", photos.PhotoView.as_view(), name="complaints-photo"),
    path("preview", photos.PreviewView.as_view(), name="complaints-preview"),
    path("mine", requests.MyRequestsView.as_view(), name="complaints-mine"),
    path("requests", requests.RequestListView.as_view(), name="complaints-requests"),
    path("requests/<str:number>", requests.RequestView.as_view(), name="complaints-request"),
    path("requests/<str:number>/withdraw", requests.WithdrawView.as_view()),
    path("requests/<str:number>/reopen", requests.ReopenView.as_view()),
    path("requests/<str:number>/feedback", requests.FeedbackView.as_view()),
    path("requests/<str:number>/words", requests.WordsView.as_view()),
    path("requests/<str:number>/subscription", requests.SubscriptionView.as_view()),
    path("open-data", open_data.OpenDataListView.as_view(), name="complaints-open-data"),
    path("open-data/<str:name>", open_data.OpenDataFileView.as_view()),
]
