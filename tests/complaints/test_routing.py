"""Rules, the model's opinion, and learning from staff."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from sklearn.feature_extraction.text import TfidfVectorizer

from apps.base.clock import Hand
from apps.base.problems import Invalid
from apps.base.work import sweep
from apps.complaints.core.classifier import read_models, write_models
from apps.complaints.core.ngrams import char_ngrams
from apps.complaints.core.rules import RuleUnreadable, read_conditions
from apps.complaints.core.training import Examples, train
from apps.complaints.models import ModelVersion, RoutingRule, TrainingExample
from apps.complaints.services.classification import activate_model, correct_service, suggest
from apps.complaints.services.learning import WORTH_TRAINING, learn_from_staff
from apps.complaints.services.model_training import train_model
from apps.complaints.services.routing import try_rule
from apps.complaints.services.standard_catalogue import examples
from apps.complaints.services.warnings import warn_of_time
from tests.complaints.conftest import Town, point
from tests.conftest import NOON

TAUGHT = ("streetlight", "pavement", "waste", "noise")


def teach(town: Town) -> None:
    TrainingExample.objects.bulk_create(
        TrainingExample(text=text, language=language, service=town.service(code), source="seed",
                        created_at=NOON)
        for language, code, text in examples()
        if code in TAUGHT and language == "ko"
    )  # fmt: skip


def rule(town: Town, **more: Any) -> RoutingRule:
    given = {"name": "r", "is_active": True, "service": town.service("streetlight"), **more}
    return RoutingRule.objects.create(**given)


def test_the_first_rule_that_fits_decides(town: Town) -> None:
    rule(town, order=2, conditions={"text": ["등"]}, service=town.service("waste"))
    rule(town, order=1, conditions={"text": ["가로등"]})
    filed = town.file("가로등이 어두워요", "")
    assert (filed.service.service_code, filed.routed_by) == ("streetlight", "rule")
    assert filed.department.code == "roads"


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True), ({"services": ["other"]}, True), ({"services": ["waste"]}, False),
        ({"text": ["없는 말"]}, False), ({"text": [".*"]}, False), ({"languages": ["ko"]}, True),
        ({"languages": ["en"]}, False), ({"channels": ["open311"]}, False),
        ({"days": [7]}, True), ({"days": [1, 2]}, False),
        ({"from": "11:00", "until": "13:00"}, True), ({"from": "18:00", "until": "09:00"}, False),
        ({"text": ["어두"], "days": [1]}, False),
    ],
)  # fmt: skip
def test_all_that_a_rule_says_must_hold(town: Town, conditions: dict[str, Any], fits: bool) -> None:
    """It is noon on a Sunday."""
    rule(town, conditions=conditions)
    assert (town.file("가로등이 어두워요", "").routed_by == "rule") is fits


def test_a_rule_holds_within_its_area(town: Town) -> None:
    box = MultiPolygon(Polygon.from_bbox((127.259, 37.429, 127.261, 37.431)), srid=4326)
    rule(town, area=box)
    assert town.file("x", "").routed_by == "rule"
    assert town.file("x", "", lon=127.27, lat=37.425).routed_by == ""
    assert box.covers(point(127.26, 37.43))


@pytest.mark.parametrize(
    "conditions",
    [{"colour": "red"}, {"text": "가로등"}, {"days": [8]}, {"from": "18:00"}, {"services": "x"},
     {"from": "25:00", "until": "09:00"}, {"text": [1]}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(conditions: dict[str, Any]) -> None:
    with pytest.raises(RuleUnreadable):
        read_conditions(conditions)


def test_a_dry_run_changes_nothing(town: Town) -> None:
    dark, other = town.file("가로등이 어두워요", ""), town.file()
    tried = rule(town, is_active=False, conditions={"text": ["가로등"]})

    trial = try_rule(tried)

    assert (trial.looked_at, trial.fits, trial.would_change) == (2, 1, (dark,))
    dark.refresh_from_db()
    assert dark.service.service_code == "other"
    assert other.service.service_code == "pavement"


def test_the_model_reads_as_its_library_does() -> None:
    analyse = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4)).build_analyzer()
    for text in ("Hello  a bc", "가로등이 고장 났어요", "x", "a\tb\nc"):
        grams = list(analyse(text))
        assert char_ngrams(text) == {gram: grams.count(gram) for gram in grams}


def test_a_model_written_reads_the_same() -> None:
    texts = [f"{word} {n}" for word in ("가로등", "쓰레기") for n in range(12)]
    labels = ["lamp"] * 12 + ["waste"] * 12
    model, _measured = train(Examples(texts, labels, ["ko"] * 24), folds=3)
    again = read_models(write_models({"ngrams": model}))["ngrams"]

    assert np.allclose(again.scores("가로등 앞"), model.scores("가로등 앞"), atol=1e-2)
    assert again.guesses("가로등 앞")[0].label == "lamp"
    assert sum(guess.probability for guess in again.guesses("x")) == pytest.approx(1)


def test_without_a_model_nobody_guesses(town: Town) -> None:
    assert suggest("가로등이 꺼졌어요", "ko") == (0, [], False)


def test_the_worker_suggests_and_staff_teach(town: Town) -> None:
    teach(town)
    version = train_model()
    filed = town.file("골목 가로등이 꺼져 있어요", "")

    sweep()

    filed.refresh_from_db()
    assert filed.model_version == version.number
    assert filed.suggestions[0]["service"] == "streetlight"
    assert len(filed.suggestions) <= 3
    correct_service(request=filed, service=town.service("pavement"), actor="officer")
    assert TrainingExample.objects.get(request=filed).service.service_code == "pavement"


def test_a_sure_guess_sorts_in_only_what_nobody_chose(town: Town) -> None:
    teach(town)
    version = train_model()
    models = read_models(bytes(version.artefact))
    bold = replace(models["ngrams"], bars={"ko": 0.01})
    version.artefact = write_models({"ngrams": bold})
    version.number += 1
    version.save()
    left, chosen = town.file("가로등이 꺼져 있어요", ""), town.file("가로등이 꺼졌어요", "waste")

    sweep()

    for row in (left, chosen):
        row.refresh_from_db()
    assert (left.service.service_code, left.state, left.routed_by) == (
        "streetlight", "triaged", "model")  # fmt: skip
    assert (chosen.service.service_code, chosen.routed_by) == ("waste", "citizen")


def test_too_few_examples_train_nothing(town: Town) -> None:
    with pytest.raises(Invalid):
        train_model()
    assert learn_from_staff() is None


def test_an_older_version_is_put_in_force_again(town: Town) -> None:
    teach(town)
    first, second = train_model(), train_model()
    activate_model(version=first)
    assert ModelVersion.objects.get(is_active=True) == first
    assert second.number == first.number + 1


def test_the_next_version_waits_for_enough_that_is_new(town: Town, hand: Hand) -> None:
    teach(town)
    assert TrainingExample.objects.count() >= WORTH_TRAINING
    assert learn_from_staff() is not None
    hand.move(timedelta(hours=1))
    assert learn_from_staff() is None


def test_time_that_runs_out_is_said_at_half_at_eighty_and_at_the_end(
    town: Town, hand: Hand
) -> None:
    filed = town.file()
    warned = []
    while filed.clock.warned_percent < 100:
        hand.move(timedelta(hours=4))
        warn_of_time()
        filed.clock.refresh_from_db()
        if filed.clock.warned_percent not in warned:
            warned.append(filed.clock.warned_percent)
    assert warned[-3:] == [50, 80, 100]
    assert warn_of_time() == 0
