from django.urls import path

from apps.city.rest import city, obstructions, places

urlpatterns = [
    path("days/<str:day_on>", city.DayView.as_view(), name="city-day"),
    path("districts", places.DistrictList.as_view(), name="districts"),
    path("obstructions", obstructions.ObstructionList.as_view(), name="obstructions"),
    path("places", places.PlaceList.as_view(), name="places"),
    path("places/<slug:code>", places.PlaceDetail.as_view(), name="place"),
]
