"""Scenarios of any shape are judged by: arms, stages, ends and walkers are the network's own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import libsumo
import pytest

from benchmarks.report import NotMeasuredError
from benchmarks.signals import control, town
from citizen.demo.signals.crossing_net import turns, write_crossing

END_S = 240


def scenario(folder: Path, arms: int, states: Sequence[str], *, ends: bool = True) -> Path:
    """A crossing with one programme, a vehicle from every arm to every other each ten seconds."""
    configuration = write_crossing(folder, per_hour=[0.0] * arms, detector_m=[50.0] * arms)
    network = folder / "crossing.net.xml"
    tree = ElementTree.parse(network)  # noqa: S314 - our own file
    programme = tree.getroot().find("tlLogic")
    assert programme is not None
    programme[:] = [Element("phase", duration="20", state=state) for state in states]
    tree.write(network)
    routes = Element("routes")
    for at_s in range(0, 120, 10):
        for n, (a, b) in enumerate(turns(arms)):
            name, way = f"{at_s}-{n}", {"from": f"in{a}", "to": f"out{b}"}
            SubElement(routes, "trip", {"id": name, "depart": str(at_s), **way})
    ElementTree.ElementTree(routes).write(folder / "crossing.rou.xml")
    if ends:
        root = ElementTree.parse(configuration).getroot()  # noqa: S314 - our own file
        SubElement(SubElement(root, "time"), "end", value=str(END_S))
        ElementTree.ElementTree(root).write(configuration)
    return configuration


def arm_by_arm(arms: int) -> list[str]:
    """Each arm has green by itself, with a yellow after it."""
    of_arm = ["".join("G" if a == arm else "r" for a, _b in turns(arms)) for arm in range(arms)]
    return [state for green in of_arm for state in (green, green.replace("G", "y"))]


@contextmanager
def opened(configuration: Path) -> Iterator[town.Light | None]:
    libsumo.start(["sumo", "-c", str(configuration), "--no-step-log", "true"])
    try:
        yield town.opened("middle", 0.0)
    finally:
        libsumo.close()


@pytest.mark.parametrize("arms", [3, 4, 5])
@pytest.mark.parametrize("strategy", [control.adaptive, control.max_pressure])
def test_a_crossing_of_any_shape_is_led_without_conflict(
    tmp_path: Path, arms: int, strategy: control.Strategy
) -> None:
    configuration = scenario(tmp_path, arms, arm_by_arm(arms))
    outcome = control.run(configuration, 1, strategy)
    assert outcome.conflicts == 0
    assert 0 < outcome.delay_s < END_S
    assert outcome.longest_walker_wait_s > 0  # walkers were given crossings, and called


def test_a_scenario_without_an_end_is_over_when_everybody_has_arrived(tmp_path: Path) -> None:
    configuration = scenario(tmp_path, 3, arm_by_arm(3), ends=False)
    for strategy in ("static", "actuated", control.adaptive):
        assert 0 < control.run(configuration, 1, strategy).delay_s < END_S


def test_what_has_green_in_every_phase_makes_no_stage(tmp_path: Path) -> None:
    """A right turn with an arrow that never goes out, and a moment in which nobody else goes."""
    states = ["gGrrrr", "grGGrr", "grrrrr", "grrrGG"]
    with opened(scenario(tmp_path, 3, states)) as light:
        assert light is not None
        assert light.states == ["gGrrrr", "grGGrr", "grrrGG"]


@pytest.mark.parametrize("states", [["G" * 6], ["r" * 6], ["G" * 6, "y" * 6, "r" * 6]])
def test_a_light_that_offers_no_choice_is_left_to_its_programme(
    tmp_path: Path, states: list[str]
) -> None:
    configuration = scenario(tmp_path, 3, states)
    with opened(configuration) as light:
        assert light is None
    with pytest.raises(NotMeasuredError):
        control.run(configuration, 1, control.adaptive)
    assert control.run(configuration, 1, "static").delay_s > 0
