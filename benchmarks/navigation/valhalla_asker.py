"""Runs under the Python that has pyvalhalla: builds tiles of one extract, asks the pairs, writes
times.

Arguments: the extract, and a folder with `pairs.json` (two lon/lat places each).
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import valhalla  # type: ignore[import-not-found]
from valhalla.config import get_config  # type: ignore[import-not-found]


def main() -> None:
    extract, work = Path(sys.argv[1]), Path(sys.argv[2])
    config = _tiles(extract, work)
    actor = valhalla.Actor(str(config))
    pairs = json.loads((work / "pairs.json").read_text())
    for pair in pairs[:10]:
        _ask(actor, pair, 0)
    plain = [_ask(actor, pair, 0) for pair in pairs]
    full = [_ask(actor, pair, 2) for pair in pairs]
    answer = {
        "plain_ms": [ms for ms, found in plain if found],
        "full_ms": [ms for ms, found in full if found],
        "no_path": sum(not found for _, found in plain),
    }
    (work / "answer.json").write_text(json.dumps(answer))


def _tiles(extract: Path, work: Path) -> Path:
    config = work / "valhalla.json"
    tiles = work / "tiles"
    tiles.mkdir(exist_ok=True)
    made = get_config(tile_extract="", tile_dir=str(tiles), verbose=False)
    config.write_text(json.dumps(made))
    if not any(tiles.iterdir()):
        # the packaged console script does not find its program; the program itself is there
        program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
        program.chmod(0o700)
        subprocess.run([str(program), "-c", str(config), str(extract)], check=True)
    return config


def _ask(actor: "valhalla.Actor", pair: list[list[float]], alternates: int) -> tuple[float, bool]:
    request = {
        "locations": [{"lon": lon, "lat": lat} for lon, lat in pair],
        "costing": "pedestrian",
        "costing_options": {"pedestrian": {"type": "wheelchair"}},
        "alternates": alternates,
    }
    started = time.thread_time()
    try:
        actor.route(json.dumps(request))
        found = True
    except RuntimeError:
        found = False
    return (time.thread_time() - started) * 1e3, found


if __name__ == "__main__":
    main()
