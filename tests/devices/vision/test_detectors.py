"""An operator's detector: tiny graphs made here, right and wrong shapes, no weights."""

import numpy as np
import pytest

from devices.vision.arrays import Box, Floats, Mask, Picture
from devices.vision.blobs import detections
from devices.vision.blurring import CascadeFaces, blurred
from devices.vision.detectors.letterbox import letterboxed
from devices.vision.detectors.onnx import ModelCard, OnnxDetector, WrongModelError
from devices.vision.detectors.people import PeopleDetector
from devices.vision.ground import View
from devices.vision.heights import person_boxes
from devices.vision.onnx_writer import Node, model

SIDE, CLASSES = 64, 3
CELLS = sum((SIDE // stride) ** 2 for stride in (8, 16, 32))
CARD = ModelCard(side=SIDE, classes=CLASSES, kinds={0: "person", 2: "vehicle"})
FRAME: Picture = np.full((48, 96, 3), 100, np.uint8)
NOTHING: Mask = np.zeros((48, 96), np.uint8)


def graph(*tables: Floats) -> bytes:
    """Gives these tables for any picture: its mean times nothing, plus the table."""
    nodes = [
        Node("ReduceMean", ("picture",), "mean", {"keepdims": 1}),
        Node("Mul", ("mean", "nothing"), "zero"),
    ]
    weights: dict[str, Floats] = {"nothing": np.zeros((1, 1, 1), np.float32)}
    nodes.append(Node("Reshape", ("zero", "shape"), "nought"))
    weights["shape"] = np.array([1, 1, 1])
    outputs = {}
    for n, table in enumerate(tables):
        weights[f"table{n}"] = table[None].astype(np.float32)
        nodes.append(Node("Add", (f"table{n}", "nought"), f"out{n}"))
        outputs[f"out{n}"] = (1, *table.shape)
    return model(nodes, weights, {"picture": (1, 3, SIDE, SIDE)}, outputs)


def yolox_table() -> Floats:
    """One person in cell (2, 1) of stride 8, 16 × 24 pixels; its double; a bicycle."""
    rows = np.zeros((CELLS, 5 + CLASSES))
    rows[10] = [0.5, 0.5, np.log(2), np.log(3), 0.9, 0.9, 0.1, 0.1]
    rows[11] = [-0.4, 0.5, np.log(2), np.log(3), 0.8, 0.9, 0.1, 0.1]
    rows[40] = [0.5, 0.5, 0.0, 0.0, 0.9, 0.0, 0.9, 0.0]
    return rows


def test_it_reads_yolox_drops_doubles_and_what_has_no_name() -> None:
    (found,) = OnnxDetector(graph(yolox_table()), CARD).detect(FRAME, NOTHING)
    assert found.kind == "person"
    assert found.score == pytest.approx(0.81)
    # Centre (20, 12), in a square that is 64 / 96 of the frame.
    assert found.box == pytest.approx(Box(18 / 96, 0.0, 42 / 96, 36 / 48), abs=1e-5)


@pytest.mark.parametrize("split", [True, False])
def test_it_reads_rt_detr_in_one_table_or_two(split: bool) -> None:
    boxes = np.array([[0.5, 0.25, 0.5, 0.25], [0.1, 0.1, 0.1, 0.1]])
    scores = np.array([[0.1, 0.1, 0.8], [0.2, 0.2, 0.2]])
    tables = (boxes, scores) if split else (np.column_stack([boxes, scores]),)
    (found,) = OnnxDetector(graph(*tables), CARD).detect(FRAME, NOTHING)
    assert (found.kind, round(found.score, 3)) == ("vehicle", 0.8)
    assert found.box == pytest.approx(Box(0.25, 0.25, 0.75, 0.75), abs=1e-5)


@pytest.mark.parametrize("table", [np.zeros((CELLS, 9)), np.zeros((7, 5 + CLASSES))])
def test_it_says_which_shape_it_got_and_which_it_wants(table: Floats) -> None:
    with pytest.raises(WrongModelError, match=rf"{table.shape[0]}, {table.shape[1]}.*YOLOX"):
        OnnxDetector(graph(table), CARD)


@pytest.mark.parametrize("onnx", [b"", b"\x00" * 100])
def test_it_refuses_what_is_no_model(onnx: bytes) -> None:
    with pytest.raises(WrongModelError):
        OnnxDetector(onnx, CARD)


@pytest.mark.parametrize("side", [0, 100, 4096])
def test_it_refuses_a_side_no_such_network_has(side: int) -> None:
    with pytest.raises(WrongModelError, match="multiple of 32"):
        ModelCard(side=side)


def test_it_fits_a_picture_into_a_square_without_squeezing_it() -> None:
    fitted = letterboxed(FRAME, SIDE)
    assert fitted.scale == pytest.approx(64 / 96)
    assert (fitted.picture[31] == 100).all()
    assert (fitted.picture[33] == 114).all()


# ---------------------------------------------------------------- without weights

VIEW = View.from_points(
    [(0.3, 0.3), (0.7, 0.3), (0.9, 0.9), (0.1, 0.9)], [(-4, 22), (4, 22), (3, 8), (-3, 8)]
)


def crowd(*feet: tuple[float, float]) -> tuple[Mask, Floats]:
    """A foreground of people-sized blocks."""
    moving: Mask = np.zeros((240, 320), np.uint8)
    boxes = person_boxes(VIEW, np.array(feet), (240, 320))
    for box in boxes:
        left, top, right, bottom = Box(*box).pixels(320, 240)
        aside = (right - left) // 6
        moving[top:bottom, left + aside : right - aside] = 255
    return moving, boxes


@pytest.mark.parametrize(
    "feet",
    [
        [(0.5, 0.6)],
        [(0.3, 0.7), (0.7, 0.7)],
        [(0.45, 0.8), (0.5, 0.72)],  # one half behind the other
    ],
)
def test_it_finds_people_by_their_size_even_in_one_blob(feet: list[tuple[float, float]]) -> None:
    moving, boxes = crowd(*feet)
    found = PeopleDetector(VIEW).detect(np.zeros((240, 320, 3), np.uint8), moving)
    assert len(found) == len(feet)
    for box in boxes:
        assert max(each.box.overlap(Box(*box)) for each in found) > 0.5


def test_it_finds_nobody_in_an_empty_picture() -> None:
    nobody = np.zeros((240, 320), np.uint8)
    assert PeopleDetector(VIEW).detect(np.zeros((240, 320, 3), np.uint8), nobody) == []


def test_it_cuts_two_vehicles_apart_that_touch() -> None:
    moving: Mask = np.zeros((200, 200), np.uint8)
    moving[20:80, 50:110] = 255
    moving[90:150, 60:120] = 255
    moving[78:92, 80:84] = 255  # an aerial
    assert len(detections(moving, View(), "vehicle")) == 2


# ---------------------------------------------------------------- evidence


def test_it_veils_what_moves_and_nothing_else() -> None:
    still = np.random.default_rng(1).integers(0, 255, (100, 200, 3), np.uint8)
    veiled = blurred(still, [Box(0.25, 0.2, 0.5, 0.8)], margin=0)
    assert (veiled[:, :50] == still[:, :50]).all()
    assert (veiled[:, 100:] == still[:, 100:]).all()
    inside = veiled[20:80, 50:100].astype(float)
    assert inside.std() < 0.35 * still[20:80, 50:100].astype(float).std()


def test_it_veils_faces_where_somebody_finds_them() -> None:
    class Everywhere:
        def faces(self, picture: Picture) -> list[Box]:
            return [Box(0.0, 0.0, 1.0, 1.0)]

    still = np.random.default_rng(1).integers(0, 255, (60, 60, 3), np.uint8)
    assert blurred(still, [], Everywhere()).std() < 0.35 * still.std()


def test_it_refuses_a_cascade_that_is_none() -> None:
    with pytest.raises(ValueError, match="no cascade"):
        CascadeFaces("<?xml version='1.0'?><opencv_storage><a>1</a></opencv_storage>")
