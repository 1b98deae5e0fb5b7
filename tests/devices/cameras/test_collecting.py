"""Pictures of bays, kept while staff commission a camera: of all its bays, not of one all day."""

from collections import Counter

import numpy as np

from devices.cameras.looking import COLLECT_AGAIN_S, COLLECT_EVERY_S, Looking
from devices.cameras.plans import read_plans
from devices.models import BayPatch
from devices.services.cameras import ZonePlan, draw
from devices.services.commissioning import collect_patches
from tests.devices.cameras.conftest import Post

BAYS = 10


def test_it_asks_about_every_bay_before_it_asks_again(post: Post) -> None:
    camera = post.install("lot", "http://127.0.0.1:9/")
    corners = [(0.0, 0.1), (0.08, 0.1), (0.08, 0.9), (0.0, 0.9)]
    zones = [
        ZonePlan(code=f"bay-{n}", kind="bay", points=[(x + 0.1 * n, y) for x, y in corners])
        for n in range(BAYS)
    ]
    draw(camera=camera, zones=zones, actor="test")
    collect_patches(camera=camera, on=True, actor="test")
    noise = np.random.default_rng(1)
    view = noise.integers(60, 200, (120, 320, 3), np.uint8)
    looking = Looking(read_plans()[0])

    def collect(*, begin_s: float, seconds: float) -> None:
        for n in range(int(seconds / COLLECT_EVERY_S) + 1):
            at_s = begin_s + n * COLLECT_EVERY_S
            picture = view + noise.integers(0, 5, view.shape, np.uint8)
            for deed in looking.collected(picture, at_s, looking.step(picture, at_s)):
                deed()

    collect(begin_s=0, seconds=10 * COLLECT_EVERY_S)
    kept = Counter(BayPatch.objects.values_list("zone__code", flat=True))
    assert kept == {f"bay-{n}": 1 for n in range(BAYS)}
    collect(begin_s=COLLECT_AGAIN_S, seconds=10 * COLLECT_EVERY_S)
    assert BayPatch.objects.count() == 2 * BAYS
