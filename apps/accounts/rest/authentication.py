"""Session tokens at the REST door: `X-Session-Token`, as allauth's app client hands them out."""

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request


class SessionTokenAuthentication(XSessionTokenAuthentication):
    def authenticate_header(self, _request: Request) -> str:
        """With this, DRF answers 401 and not 403 where a person must be known."""
        return "Session"


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SessionTokenAuthentication
    name = "sessionToken"
    optional = True

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": (
                "The session token that a sign-in under /_allauth/app/v1/ or a confirmed phone code"
                " returned."
            ),
        }
