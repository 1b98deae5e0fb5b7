"""`manage.py provision_device`: a gateway, a thing, a datastream; prints the gateway's key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.base.problems import Problem
from devices.models import Gateway
from devices.services.gateways import create_gateway
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

ACTOR = "staff:command-line"


class Command(BaseCommand):
    help = "Makes a device known: a gateway (if it is new), a thing and its datastream."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("gateway")
        parser.add_argument("thing")
        parser.add_argument("datastream")
        parser.add_argument("--property", required=True, help="what it observes: parking_free …")
        parser.add_argument("--unit", default="", help="UCUM code, if not the property's own")
        parser.add_argument("--interval", type=int, help="seconds between observations")
        parser.add_argument("--lon", type=float)
        parser.add_argument("--lat", type=float)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                gateway, key = _gateway(options["gateway"])
                provision_thing(gateway=gateway, plan=_plan(options))
        except Problem as problem:
            reasons = "; ".join(str(text) for text in problem.errors.values())
            raise CommandError(reasons or str(problem.document()["detail"])) from problem
        self.stdout.write(key or f"{gateway.code} has its key already.")


def _gateway(code: str) -> tuple[Gateway, str]:
    found = Gateway.objects.filter(code=code).first()
    if found:
        return found, ""
    return create_gateway(code=code, names={"": code}, actor=ACTOR)


def _plan(options: dict[str, Any]) -> ThingPlan:
    stream = DatastreamPlan(
        code=options["datastream"],
        observed_property=options["property"],
        unit=options["unit"],
        expected_interval_s=options["interval"],
    )
    return ThingPlan(
        code=options["thing"],
        names={"": options["thing"]},
        lon=options["lon"],
        lat=options["lat"],
        datastreams=(stream,),
    )
