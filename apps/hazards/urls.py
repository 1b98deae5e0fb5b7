from django.urls import path

from apps.hazards.rest import rain, stations, water

urlpatterns = [
    path("inundation", water.InundationView.as_view(), name="hazards-inundation"),
    path("rain-forecasts", rain.RainForecastView.as_view(), name="hazards-rain-forecasts"),
    path("stations", stations.StationList.as_view(), name="hazards-stations"),
    path("stations/nearby", stations.NearbyStations.as_view(), name="hazards-stations-nearby"),
    path("stations/<slug:code>", stations.StationDetail.as_view(), name="hazards-station"),
    path("stations/<slug:code>/forecast", stations.StationForecast.as_view()),
    path("stations/<slug:code>/readings", stations.StationReadings.as_view()),
]
