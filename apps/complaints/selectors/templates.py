"""What is often answered, filled in for one request in its reporter's language."""

from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format

from apps.base import names
from apps.city.models import the_city
from apps.complaints.models import ResponseTemplate, ServiceRequest


def templates_for(request: ServiceRequest) -> list[ResponseTemplate]:
    fits = Q(service=None) | Q(service=request.service_id)
    return list(ResponseTemplate.objects.filter(fits).order_by("code"))


def filled_in(template: ResponseTemplate, request: ServiceRequest) -> str:
    """The template's words in the language in which the request came."""
    text = names.pick(template.texts, request.language)
    with translation.override(request.language):
        expected = request.expected_at
        date = date_format(expected.astimezone(the_city().zone), "DATE_FORMAT") if expected else ""
    values = {
        "{number}": request.number,
        "{service}": request.service.name(request.language),
        "{date}": date,
    }
    for name, value in values.items():
        text = text.replace(name, value)
    return text
