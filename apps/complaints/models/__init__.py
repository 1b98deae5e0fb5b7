from apps.complaints.models.catalogue import Jurisdiction, Service, ServiceAttribute, ServiceGroup
from apps.complaints.models.exchange import ApiClient, OpenDataFile
from apps.complaints.models.history import Assignment, Link, Note, StatusChange
from apps.complaints.models.people import Attachment, Feedback, Subscription
from apps.complaints.models.privacy import Original, OriginalAccess
from apps.complaints.models.requests import (
    REOPEN_WITHIN,
    NextSerial,
    ServiceRequest,
    ServiceRequestQuerySet,
    SlaClock,
)
from apps.complaints.models.routing import (
    ModelVersion,
    ResponseTemplate,
    RoutingRule,
    TrainingExample,
)

__all__ = [
    "REOPEN_WITHIN",
    "ApiClient",
    "Assignment",
    "Attachment",
    "Feedback",
    "Jurisdiction",
    "Link",
    "ModelVersion",
    "NextSerial",
    "Note",
    "OpenDataFile",
    "Original",
    "OriginalAccess",
    "ResponseTemplate",
    "RoutingRule",
    "Service",
    "ServiceAttribute",
    "ServiceGroup",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "SlaClock",
    "StatusChange",
    "Subscription",
    "TrainingExample",
]
