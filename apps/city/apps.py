from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "apps.city"
    label = "city"
