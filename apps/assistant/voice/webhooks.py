"""Doors for providers: Twilio's webhooks (TwiML) and the question that Asterisk's dial plan asks.

Every request is checked for its signature before anything of it is read.
"""

from collections.abc import Callable, Mapping
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.assistant.models import Call
from apps.assistant.voice import gather, records, signing, twiml
from apps.base.problems import Invalid, NotAllowed, NotFound, Problem

LARGEST = 64 * 1024
View = Callable[..., HttpResponse]


def signed_by_twilio(view: View) -> View:
    """Only what Twilio signed with our token, for this very address."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest, *arguments: object, **names: object) -> HttpResponse:
        form = {name: request.POST[name] for name in request.POST}
        url = settings.PUBLIC_URL + request.get_full_path()
        given = request.headers.get("X-Twilio-Signature", "")
        if not twiml.is_signed(given, url, form, settings.TWILIO_AUTH_TOKEN):
            return NotAllowed().response()
        return view(request, form, *arguments, **names)

    return checked


def _xml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


@signed_by_twilio
def incoming(_request: HttpRequest, form: Mapping[str, str]) -> HttpResponse:
    """Somebody calls: to the stream, or to Gather where Twilio shall do the speech."""
    try:
        call = records.announce_call(
            provider="twilio",
            provider_call=form.get("CallSid", ""),
            caller=form.get("From", ""),
            dialled=form.get("To", ""),
        )
    except records.LinesBusy as busy:
        words = twiml.say(str(busy.title), settings.LANGUAGE_CODE)
        return _xml(twiml.response(words, twiml.hang_up()))
    if settings.TWILIO_GATHER:
        return _xml(gather.begin(call))
    return _xml(twiml.connect_stream(settings.VOICE_STREAM_URL, records.proof_of(call)))


@signed_by_twilio
def gathered(_request: HttpRequest, form: Mapping[str, str], code: str) -> HttpResponse:
    """One turn of a Gather call: keys, words with Twilio's confidence, or nothing."""
    call = _talking(code)
    return _xml(gather.go_on(call, form))


@signed_by_twilio
def status(_request: HttpRequest, form: Mapping[str, str], code: str) -> HttpResponse:
    """The call is over, or nobody picked up."""
    call = Call.objects.filter(code=code).first()
    if call is not None and form.get("CallStatus") in gather.OVER:
        gather.note_end(call, form["CallStatus"])
    return HttpResponse(status=204)


def _talking(code: str) -> Call:
    call = Call.objects.select_related("identity", "conversation").filter(code=code).first()
    if call is None or call.state != Call.State.TALKING:
        raise NotFound
    return call


@csrf_exempt
@require_POST
def asterisk_calls(request: HttpRequest) -> HttpResponse:
    """The dial plan announces a call and gets the UUID to open AudioSocket with, as bare text.

    `X-Signature` is the HMAC-SHA256 of the body under `CITIZEN_ASTERISK_SECRET`.
    """
    body = request.body[: LARGEST + 1]
    given = request.headers.get(signing.HEADER, "")
    if not signing.is_signed(given, body, settings.ASTERISK_SECRET):
        return NotAllowed().response()
    name = request.POST.get("id", "")[:120]
    if not name:
        return Invalid(errors={"id": "Asterisk's name for the channel."}).response()
    try:
        call = records.announce_call(
            provider="asterisk",
            provider_call=name,
            caller=request.POST.get("from", ""),
            dialled=request.POST.get("to", ""),
            language=request.POST.get("language", ""),
        )
    except Problem as problem:
        return problem.response()
    return HttpResponse(str(call.code), content_type="text/plain")
