"""`/api/v1/navigation/sessions`: be led along a route; the WebSocket does the rest."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.navigation.models import GuidanceSession
from apps.navigation.rest.requests import given, person_behind
from apps.navigation.rest.shapes import SessionRequestSerializer, SessionSerializer
from apps.navigation.services.guidance import open_session


class SessionsView(GenericAPIView[GuidanceSession]):
    serializer_class = SessionRequestSerializer
    queryset = GuidanceSession.objects.none()

    @extend_schema(operation_id="navigation_sessions_create", responses={201: SessionSerializer})
    def post(self, request: Request) -> Response:
        """Open a guidance session on a route; its code lets a dropped connection resume."""
        asked = given(self.get_serializer(data=request.data))
        session = open_session(route=asked["route"], person=person_behind(request))
        body = {
            "id": session.code,
            "socket": f"/ws/navigation/sessions/{session.code}/",
            "route": session.route.code,
        }
        return Response(SessionSerializer(body).data, status=201)
