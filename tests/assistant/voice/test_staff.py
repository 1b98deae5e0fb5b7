"""Staff hear what callers said: who may, written down, and not for ever."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.assistant.models import Call, CallTurn, RecordingAccess, RecordingChunk
from apps.assistant.speech.core import mulaw
from apps.assistant.speech.core.listening import Heard
from apps.assistant.speech.core.wave import read_wave
from apps.assistant.voice import records
from apps.assistant.voice.own_data import erase_calls, export_calls
from apps.base.clock import Hand
from apps.base.models import AuditEntry
from tests.support.world import People, sign_in_staff

SOUND = bytes(range(256)) * 125  # two seconds


@dataclass(frozen=True)
class Recorded:
    call: Call
    turn: CallTurn

    @property
    def url(self) -> str:
        return f"/admin/assistant/call/{self.call.pk}/turns/{self.turn.number}.wav"


@pytest.fixture
def recorded(people: People) -> Recorded:
    call = records.announce_call(
        provider="asterisk", provider_call="c1", caller="+82 31 920 1234", language="ko"
    )
    call = records.answer_call(code=str(call.code))
    turn = records.begin_turn(call=call, number=1, kind="voice", asked="text")
    for number, start in enumerate(range(0, len(SOUND), 16_000), start=1):
        records.keep_sound(turn=turn, number=number, audio=SOUND[start : start + 16_000])
    records.note_words(
        turn=turn, heard=Heard("전화 010-1234-5678 입니다", 0.3, "whisper", sure=False)
    )
    turn.refresh_from_db()
    return Recorded(call, turn)


def test_a_recording_is_sealed_and_comes_back_as_it_was(recorded: Recorded) -> None:
    assert recorded.turn.recorded_ms == 2_000
    heard = mulaw.decode(mulaw.encode(SOUND))
    assert records.recording_of(recorded.turn) == heard
    chunk = RecordingChunk.objects.first()
    assert chunk is not None
    assert mulaw.encode(SOUND)[:50] not in bytes(chunk.sealed)


def test_a_transcript_holds_no_number_of_a_person(recorded: Recorded) -> None:
    assert "1234" not in recorded.turn.transcript
    assert recorded.turn.understood == CallTurn.Understood.DRAFT


def test_listening_is_written_down(client: Client, chief: User, recorded: Recorded) -> None:
    sign_in_staff(client, chief)
    answer = client.get(recorded.url)
    samples, rate_hz = read_wave(answer.content)
    assert (rate_hz, len(samples)) == (8_000, 16_000)
    assert "no-store" in answer["Cache-Control"]
    access = RecordingAccess.objects.get()
    assert (access.call_code, access.turn_number) == (recorded.call.code, 1)
    assert AuditEntry.objects.filter(action="assistant.recording.heard").count() == 1


def test_looking_at_the_page_is_not_listening(
    client: Client, chief: User, recorded: Recorded
) -> None:
    sign_in_staff(client, chief)
    page = client.get(f"/admin/assistant/call/{recorded.call.pk}/change/").content.decode()
    assert 'preload="none"' in page
    assert recorded.url in page
    assert "+8231" not in page
    listed = client.get("/admin/assistant/call/?to_hear=yes")
    assert listed.context["cl"].result_count == 1
    assert not RecordingAccess.objects.exists()


def test_who_may_not_hear_hears_nothing(client: Client, people: People, recorded: Recorded) -> None:
    assert people.park.user is not None
    sign_in_staff(client, people.park.user)
    assert client.get(recorded.url).status_code == 403
    client.logout()
    assert client.get(recorded.url).status_code == 302
    assert not RecordingAccess.objects.exists()


def test_sound_ends_after_its_time_and_the_call_after_a_longer_one(
    hand: Hand, people: People
) -> None:
    call = records.announce_call(provider="asterisk", provider_call="c9", language="ko")
    turn = records.begin_turn(call=call, number=1, kind="voice", asked="text")
    records.keep_sound(turn=turn, number=1, audio=SOUND)
    records.note_words(turn=turn, heard=Heard("perhaps", 0.3, "x", sure=False))
    hand.move(timedelta(days=29))
    assert records.old_recordings() == 0
    hand.move(timedelta(days=2))
    assert records.old_recordings() == 1
    turn.refresh_from_db()
    assert turn.transcript == ""
    assert records.old_calls() == 0
    hand.move(timedelta(days=180))
    assert records.old_calls() == 1


def test_who_calls_from_a_number_that_is_talking_is_somebody_else(people: People) -> None:
    def answered(line: str) -> Call:
        call = records.announce_call(
            provider="asterisk", provider_call=line, caller="+82 31 920 1234", language="ko"
        )
        return records.answer_call(code=str(call.code))

    first, second = answered("c1"), answered("c2")
    assert first.identity != second.identity
    Call.objects.update(ended_at=first.answered_at, state=Call.State.ENDED)
    assert answered("c3").identity == first.identity


def test_a_caller_is_known_by_a_verified_number_but_not_proven(
    people: People, recorded: Recorded
) -> None:
    contact = people.halmeoni.contacts.verified().get(kind="phone")
    call = records.announce_call(
        provider="asterisk", provider_call="c2", caller=contact.value, language="ko"
    )
    answered = records.answer_call(code=str(call.code))
    assert answered.identity is not None
    assert (answered.identity.person, answered.identity.verified_at) == (people.halmeoni, None)
    stranger = recorded.call.identity
    assert stranger is not None
    assert stranger.person is None


def test_a_call_of_ours_to_a_verified_number_is_proven_while_it_lasts(people: People) -> None:
    contact = people.halmeoni.contacts.verified().get(kind="phone")
    call = records.announce_call(
        provider="asterisk", provider_call="o1", caller=contact.value, direction="out"
    )
    answered = records.answer_call(code=str(call.code))
    assert answered.identity is not None
    assert answered.identity.verified_at is not None
    records.end_call(call=answered, because="said goodbye")
    answered.identity.refresh_from_db()
    assert answered.identity.verified_at is None


def test_a_person_takes_their_calls_along_and_has_them_erased(
    people: People, recorded: Recorded
) -> None:
    contact = people.halmeoni.contacts.verified().get(kind="phone")
    call = records.announce_call(provider="asterisk", provider_call="c3", caller=contact.value)
    records.answer_call(code=str(call.code))
    records.begin_turn(call=call, number=1, kind="keys", asked="choice", digits="12")
    exported = export_calls(people.halmeoni).data
    assert [turn["digits"] for turn in exported["turns"]] == ["12"]
    assert erase_calls(people.halmeoni).removed == 2
    assert list(Call.objects.all()) == [recorded.call]
