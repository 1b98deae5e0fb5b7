from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "citizen.demo"
    label = "demo"
