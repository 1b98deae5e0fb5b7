"""`POST /api/v1/devices/chirpstack?event=up`: ChirpStack's HTTP integration, with a gateway's key
in the `Authorization` header that the integration sends."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.base.problems import Malformed
from devices.ingest.accept import accept
from devices.ingest.speaker import GATEWAY_KEY, from_header
from devices.protocols.batch import read_rows
from devices.protocols.lorawan.chirpstack import NotAnUplink, read_up


class ChirpStackView(APIView):
    authentication_classes = ()
    parser_classes = ()

    @extend_schema(
        operation_id="devices_chirpstack", summary="An event of ChirpStack v4",
        parameters=[OpenApiParameter("event", str, required=True)],
        request=OpenApiTypes.OBJECT, responses={204: None}, tags=["devices"],
        auth=GATEWAY_KEY,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Uplinks are stored before the answer; other events are heard and left."""
        who = from_header(request.headers.get("Authorization", ""))
        if request.query_params.get("event") == "up":
            try:
                rows = read_up(request.stream.read() if request.stream else b"").rows()
            except NotAnUplink as error:
                raise Malformed(str(error)) from error
            if rows:
                accept(read_rows(rows), who)
        return Response(status=204)
