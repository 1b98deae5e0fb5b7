from django.urls import path

from apps.traffic.rest.incidents import IncidentsNearView, IncidentsView
from apps.traffic.rest.links import LinksView
from apps.traffic.rest.priority import PriorityRequestsView, PriorityRequestView
from apps.traffic.rest.spat import SpatView

urlpatterns = [
    path("incidents", IncidentsView.as_view(), name="traffic-incidents"),
    path("incidents/near", IncidentsNearView.as_view(), name="traffic-incidents-near"),
    path(
        "junctions/<slug:code>/priority-requests",
        PriorityRequestsView.as_view(),
        name="traffic-priority-requests",
    ),
    path(
        "junctions/<slug:code>/priority-requests/<str:reference>",
        PriorityRequestView.as_view(),
        name="traffic-priority-request",
    ),
    path("links", LinksView.as_view(), name="traffic-links"),
    path("spat", SpatView.as_view(), name="traffic-spat"),
]
