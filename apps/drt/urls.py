from django.urls import path

from apps.drt.rest import drivers, riders

urlpatterns = [
    path("service-area", riders.ServiceAreaView.as_view(), name="drt-service-area"),
    path("stops", riders.StopListView.as_view(), name="drt-stops"),
    path("quotes", riders.QuoteView.as_view(), name="drt-quotes"),
    path("bookings", riders.RideListView.as_view(), name="drt-bookings"),
    path("bookings/<uuid:code>", riders.RideView.as_view(), name="drt-booking"),
    path("bookings/<uuid:code>/cancel", riders.CancelView.as_view(), name="drt-cancel"),
    path("bookings/<uuid:code>/decisions", riders.DecisionsView.as_view(), name="drt-decisions"),
    path("driver/shifts", drivers.ShiftListView.as_view(), name="drt-shifts"),
    path("driver/shifts/<uuid:code>", drivers.ShiftView.as_view(), name="drt-shift"),
    path("driver/shifts/<uuid:code>/start", drivers.StartView.as_view()),
    path("driver/shifts/<uuid:code>/pause", drivers.PauseView.as_view()),
    path("driver/shifts/<uuid:code>/end", drivers.EndView.as_view()),
    path("driver/shifts/<uuid:code>/acknowledge", drivers.AcknowledgeView.as_view()),
    path("driver/shifts/<uuid:code>/acts", drivers.ActView.as_view()),
    path("driver/shifts/<uuid:code>/positions", drivers.PositionsView.as_view()),
    path("driver/shifts/<uuid:code>/breakdown", drivers.BreakdownView.as_view()),
]
