"""The health page: JSON for machines, the same facts as a table for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from apps.base import health


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    findings = health.examine()
    status = 200 if findings["ok"] else 503
    headers = {} if findings["ok"] else {"Retry-After": "5"}
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "health.html", findings, status=status)
    return JsonResponse(findings, status=status, headers=headers)
