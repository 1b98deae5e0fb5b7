"""`/api/v1/notify/receipts`: devices, providers and people say what became of a message."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base.problems import Invalid
from apps.notify.models import Receipt
from apps.notify.rest.registrations import SECRET, opened
from apps.notify.rest.serializers import ReceiptSerializer
from apps.notify.services.receipts import note_by_registration, note_by_token

SECRET_HEADER = OpenApiParameter(
    SECRET, str, OpenApiParameter.HEADER, description="With `registration`."
)


class ReceiptView(GenericAPIView[Receipt]):
    serializer_class = ReceiptSerializer

    @extend_schema(
        operation_id="notify_receipts_create", parameters=[SECRET_HEADER], responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """A message came, was shown, or was understood. A forged receipt changes nothing."""
        body = ReceiptSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        told: dict[str, Any] = body.validated_data
        if token := told.get("token"):
            note_by_token(token=token, stage=told["stage"])
        elif told.get("registration") and told.get("telling"):
            row = opened(request, told["registration"])
            note_by_registration(registration=row, telling=told["telling"], stage=told["stage"])
        else:
            raise Invalid(errors={"token": _("A token, or registration and telling.")})
        return Response(status=204)


@csrf_exempt  # the token is the proof, and it does this one thing
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: a page with one button, so that no mail scanner presses it."""
    done = request.method == "POST"
    if done:
        note_by_token(token=token, stage="acknowledged")
    return render(request, "notify/acknowledge.html", {"done": done})
