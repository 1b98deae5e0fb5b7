"""How the person moves."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.core.mobility import BASE_PROFILES
from apps.accounts.core.mobility import MobilityProfile as Profile
from apps.accounts.models import MobilityProfile, Person
from apps.accounts.rest.serializers import (
    MobilityProfileSerializer,
    StartingProfilesSerializer,
    bounds,
)
from apps.accounts.selectors.persons import person_of
from apps.base.problems import Invalid, NotFound


class StartingProfilesView(GenericAPIView[MobilityProfile]):
    serializer_class = StartingProfilesSerializer

    def get(self, _request: Request) -> Response:
        """The nine starting profiles with their limits, and the bounds of each limit."""
        profiles = {name: _limits(profile) for name, profile in BASE_PROFILES.items()}
        return Response({"profiles": profiles, "bounds": bounds()})


def _limits(profile: Profile) -> dict[str, Any]:
    limits = asdict(profile)
    del limits["base"]
    return limits | {"must_know": sorted(profile.must_know)}


def _keep(person: Person, given: Mapping[str, Any]) -> MobilityProfile:
    """Name a limit at fault by its place in the request."""
    try:
        return services.set_mobility_profile(person=person, **given)
    except Invalid as error:
        places = {f"limits.{field}": text for field, text in error.errors.items()}
        raise Invalid(errors=places) from error


class MobilityProfileView(GenericAPIView[MobilityProfile]):
    serializer_class = MobilityProfileSerializer
    permission_classes = [IsAuthenticated]
    queryset = MobilityProfile.objects.none()

    def get(self, request: Request) -> Response:
        """The person's profile; 404 if they gave none."""
        profile = MobilityProfile.objects.filter(person=person_of(request.user)).first()
        if profile is None:
            raise NotFound
        return Response(self.get_serializer(profile).data)

    def put(self, request: Request) -> Response:
        """Keep how the person moves. Needs the consent `mobility-profile`."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        profile = _keep(person_of(request.user), given.validated_data)
        return Response(self.get_serializer(profile).data)

    def delete(self, request: Request) -> Response:
        """Forget it."""
        services.forget_mobility_profile(person=person_of(request.user))
        return Response(status=204)
