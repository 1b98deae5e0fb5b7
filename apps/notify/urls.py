from django.urls import path

from apps.notify.rest import me, receipts, registrations

urlpatterns = [
    path("registrations", registrations.RegistrationListView.as_view(), name="registrations"),
    path("registrations/<uuid:code>", registrations.RegistrationView.as_view()),
    path("registrations/<uuid:code>/cell", registrations.CellView.as_view()),
    path("registrations/<uuid:code>/places", registrations.AppPlacesView.as_view()),
    path("web-push-key", registrations.WebPushKeyView.as_view(), name="web-push-key"),
    path("receipts", receipts.ReceiptView.as_view(), name="receipts"),
    path("receipts/<str:token>", receipts.acknowledge, name="acknowledge"),
    path("me/reach", me.ReachView.as_view(), name="reach"),
    path("me/places", me.PlaceListView.as_view(), name="saved-places"),
    path("me/places/<uuid:code>", me.PlaceView.as_view()),
    path("me/inbox", me.InboxView.as_view(), name="inbox"),
    path("me/inbox/<uuid:code>/receipts", me.InboxReceiptView.as_view()),
]
