"""`/api/v1/alerts/…`: one alert in JSON, GeoJSON and CAP; answers; the way to a shelter."""

import uuid
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Person
from apps.alerts.models import Alert, InboundCap, SafetyAnswer
from apps.alerts.selectors.active import alert_row, feature
from apps.alerts.selectors.shelters import ways_out
from apps.alerts.services.answers import MOST_PEOPLE, Answer, answer_alert
from apps.alerts.services.inbound import receive_cap, source_with_key
from apps.base.problems import Invalid, NotFound
from apps.notify.services.registering import opened_registration

CODE = OpenApiParameter("code", OpenApiTypes.UUID, OpenApiParameter.PATH)


def public_alert(code: uuid.UUID) -> Alert:
    rows = Alert.objects.public().exclude(current=None).select_related("current")
    found = rows.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


@extend_schema(parameters=[CODE])
class AlertView(GenericAPIView[Alert]):
    queryset = Alert.objects.none()

    @extend_schema(operation_id="alerts_read", responses=OpenApiTypes.OBJECT)
    def get(self, _request: Request, code: uuid.UUID) -> Response:
        """One alert as it was last said, in every language; also after it ended."""
        row = dict(alert_row(public_alert(code)))
        row["ended"] = bool(row.pop("gone", False))
        return Response(row)


def alert_geojson(_request: HttpRequest, code: uuid.UUID) -> HttpResponse:
    """One alert as a GeoJSON feature."""
    body = msgspec.json.encode(feature(alert_row(public_alert(code))), enc_hook=str)
    return HttpResponse(body, content_type="application/geo+json")


def alert_cap(_request: HttpRequest, code: uuid.UUID) -> HttpResponse:
    """The newest CAP message of one alert."""
    notice = public_alert(code).current
    assert notice is not None, "public alerts have said something"
    return HttpResponse(notice.cap_xml, content_type="application/cap+xml; charset=utf-8")


class AnswerSerializer(serializers.Serializer[Any]):
    """An app without a login names its registration, with the header `X-Registration-Secret`."""

    answer = serializers.ChoiceField(choices=SafetyAnswer.Answer.choices)
    people = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, default=1)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    registration = serializers.UUIDField(required=False)


class AnswerView(GenericAPIView[SafetyAnswer]):
    serializer_class = AnswerSerializer
    queryset = SafetyAnswer.objects.none()

    @extend_schema(operation_id="alerts_answer", parameters=[CODE], responses={204: None})
    def post(self, request: Request, code: uuid.UUID) -> Response:
        """Say "I am safe" or "I need help". Where one is goes along only with a call for help."""
        body = AnswerSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        told = dict(body.validated_data)
        own = told.pop("registration", None)
        secret = request.headers.get("X-Registration-Secret", "")
        person: Person | None = getattr(request.user, "person", None)
        registration = opened_registration(own, secret) if own and person is None else None
        answer_alert(
            alert_code=code, answer=Answer(**told), person=person, registration=registration
        )
        return Response(status=204)


_FROM = [
    OpenApiParameter("lon", float, required=True, description="degrees"),
    OpenApiParameter("lat", float, required=True, description="degrees"),
    OpenApiParameter("profile", str, description="one of the nine mobility profiles; else foot"),
]


class SheltersView(GenericAPIView[Alert]):
    queryset = Alert.objects.none()

    @extend_schema(
        operation_id="alerts_shelters", parameters=[CODE, *_FROM], responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request, code: uuid.UUID) -> Response:
        """Barrier-free ways out to the nearest shelters outside of the danger, nearest first."""
        alert = public_alert(code)
        lon, lat = (_degrees(request, name) for name in ("lon", "lat"))
        person: Person | None = getattr(request.user, "person", None)
        profile = request.query_params.get("profile", "")
        return Response({"shelters": ways_out(alert, (lon, lat), profile=profile, person=person)})


def _degrees(request: Request, name: str) -> float:
    try:
        return float(request.query_params[name])
    except (KeyError, ValueError) as error:
        raise Invalid(errors={name: "Degrees."}) from error


class CapParser(BaseParser):
    """Takes the body as it is: it is read without entities later."""

    media_type = "application/cap+xml"

    def parse(
        self, stream: Any, media_type: Any = None, parser_context: Any = None
    ) -> dict[str, Any]:
        return {"cap": stream.read()}


class InboundView(GenericAPIView[InboundCap]):
    parser_classes = [CapParser]
    authentication_classes = []
    queryset = InboundCap.objects.none()

    @extend_schema(
        operation_id="alerts_inbound",
        request={"application/cap+xml": OpenApiTypes.STR},
        parameters=[
            OpenApiParameter(
                "Authorization", str, OpenApiParameter.HEADER, required=True,
                description="`Source KEY`, with the key that staff gave the source.",
            )
        ],
        responses={202: OpenApiTypes.OBJECT},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A neighbour's CAP message: an assessment for our staff, never an alert by itself."""
        key = request.headers.get("Authorization", "").removeprefix("Source ").strip()
        row = receive_cap(source=source_with_key(key), content=dict(request.data)["cap"])
        return Response({"identifier": row.identifier}, status=202)
