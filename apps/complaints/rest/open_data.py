"""`/api/v1/complaints/open-data`: the daily files."""

from datetime import date

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.base.problems import NotFound
from apps.complaints.models import OpenDataFile
from apps.complaints.rest.serializers import OpenDataSerializer

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}
LISTED = 90


class OpenDataListView(GenericAPIView[OpenDataFile]):
    queryset = OpenDataFile.objects.none()
    serializer_class = OpenDataSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="complaints_open_data_list", responses=OpenDataSerializer(many=True)
    )
    def get(self, _request: Request) -> Response:
        """The newest files of all requests, without personal data."""
        rows = OpenDataFile.objects.order_by("-day_on", "format")[:LISTED]
        return Response(self.get_serializer(rows, many=True).data)


class OpenDataFileView(GenericAPIView[OpenDataFile]):
    queryset = OpenDataFile.objects.none()
    serializer_class = OpenDataSerializer

    @extend_schema(
        operation_id="complaints_open_data_retrieve",
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, _request: Request, name: str) -> FileResponse:
        """One file: `2026-11-25.csv`, `.geojson`, `.parquet`, or `latest.…`."""
        day, _dot, format_ = name.partition(".")
        rows = OpenDataFile.objects.filter(format=format_).order_by("-day_on")
        if day != "latest":
            rows = rows.filter(day_on=_day(day))
        row = rows.first()
        if row is None:
            raise NotFound
        return FileResponse(
            row.file.open("rb"), content_type=TYPES[row.format],
            headers={
                "Content-Disposition":
                    f'attachment; filename="complaints-{row.day_on}.{row.format}"',
                "Cache-Control": "public, max-age=3600",
            },
        )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
