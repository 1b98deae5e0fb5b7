"""`manage.py train_occupancy PATCHES… --to FILE`: learns the occupancy network anew."""

from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.progress import Progress

from devices.vision.arrays import Floats
from devices.vision.occupancy import training  # torch and all; no other command loads it
from devices.vision.occupancy.labelled import Labelled, read_labelled

BUNDLED = Path(__file__).resolve().parents[2] / "vision/occupancy/model.onnx"
HELD_OUT_DAYS = 4


class Command(BaseCommand):
    help = "Trains the occupancy network on labelled patches (folders or tar files)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("patches", type=Path, nargs="+")
        parser.add_argument("--to", type=Path, default=BUNDLED)
        parser.add_argument("--days", type=int, help="learn from the first so many days only")
        parser.add_argument("--epochs", type=int, default=60)
        parser.add_argument("--seed", type=int, default=11)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            labelled = [read_labelled(path) for path in options["patches"]]
            schedule = training.Schedule(epochs=options["epochs"], seed=options["seed"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        learn, hold_out = _split(labelled, options["days"])
        with Progress() as bar:
            task = bar.add_task("epochs", total=schedule.epochs)
            net = training.train(*learn, schedule, lambda *_: bar.advance(task))
        scale, shift = training.calibrate(net, *hold_out)
        options["to"].write_bytes(training.as_onnx(net))
        self.stdout.write(
            f"{options['to']}: learned from {len(learn[1])} patches; "
            f"logit × {scale:.2f} + {shift:.2f} by {len(hold_out[1])} held out."
        )


def _split(labelled: list[Labelled], days: int | None) -> tuple[tuple[Floats, Floats], ...]:
    """The last days of those that may be learned from are held out for calibration."""
    learn, hold_out = [], []
    for each in labelled:
        among = each.chosen(each.first_days(days)) if days else each
        known = len(set(among.days))
        early = among.first_days(max(known - HELD_OUT_DAYS, 1))
        learn.append(among.chosen(early))
        hold_out.append(among.chosen(~early if known > HELD_OUT_DAYS else early))
    return _stacked(learn), _stacked(hold_out)


def _stacked(parts: list[Labelled]) -> tuple[Floats, Floats]:
    patches = np.concatenate([np.array(part.patches) for part in parts])
    return patches, np.concatenate([part.occupied for part in parts]).astype(float)
