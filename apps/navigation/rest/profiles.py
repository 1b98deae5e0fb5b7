"""`/api/v1/navigation/profiles/me`: how the signed-in person moves."""

from typing import Any

from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import MobilityProfile
from apps.accounts.selectors.mobility import mobility_of
from apps.accounts.selectors.persons import person_of
from apps.accounts.services import forget_mobility_profile, set_mobility_profile
from apps.base.problems import Invalid, NotFound
from apps.navigation.rest.requests import given
from apps.navigation.rest.shapes import MyProfileSerializer
from apps.navigation.snapshot.ways import profile_document


class MyProfileView(GenericAPIView[MobilityProfile]):
    serializer_class = MyProfileSerializer
    permission_classes = [IsAuthenticated]
    queryset = MobilityProfile.objects.none()

    def get(self, request: Request) -> Response:
        """The person's profile with all its limits; 404 if they gave none."""
        return Response(self._document(request))

    def put(self, request: Request) -> Response:
        """Keep how the person moves; the next route is found with it. Needs their consent."""
        asked = given(self.get_serializer(data=request.data))
        try:
            set_mobility_profile(person=person_of(request.user), **asked)
        except Invalid as error:
            places = {f"limits.{field}": text for field, text in error.errors.items()}
            raise Invalid(errors=places) from error
        return Response(self._document(request))

    def delete(self, request: Request) -> Response:
        """Forget it."""
        forget_mobility_profile(person=person_of(request.user))
        return Response(status=204)

    def _document(self, request: Request) -> dict[str, Any]:
        person = person_of(request.user)
        row = MobilityProfile.objects.filter(person=person).first()
        profile = mobility_of(person)
        if row is None or profile is None:
            raise NotFound
        effective = profile_document(profile)
        return {"base": row.base, "limits": row.limits, "effective": effective}
