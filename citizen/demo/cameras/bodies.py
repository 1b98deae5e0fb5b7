"""Cars and people, drawn by the place they stand at."""

from dataclasses import dataclass
from math import cos, sin
from random import Random

import numpy as np

from citizen.demo.cameras.canvas import (
    GLASS,
    SUN_SHIFT,
    Canvas,
    Colour,
    Point,
    ellipse,
    rectangle,
    shifted,
)

PAINTS: tuple[Colour, ...] = (
    (225, 226, 228), (196, 198, 200), (58, 56, 54), (38, 36, 36), (46, 44, 150), (150, 86, 40),
    (120, 118, 116), (206, 210, 214), (90, 92, 60),
)  # fmt: skip
SKY: Colour = (232, 222, 208)
LAMP: Colour = (240, 244, 246)
REAR_LAMP: Colour = (40, 40, 200)
COATS: tuple[Colour, ...] = ((60, 60, 170), (150, 90, 50), (60, 120, 70), (40, 40, 44))


@dataclass(frozen=True, slots=True)
class Car:
    """`name` decides how it looks."""

    at: Point
    heading: float
    name: str

    def draw(self, canvas: Canvas) -> None:
        chance = Random(self.name)
        paint, length = chance.choice(PAINTS), chance.uniform(4.1, 4.7)
        width, tall = chance.uniform(1.75, 1.9), chance.uniform(1.42, 1.6)
        body = rectangle(self.at, self.heading, length, width)
        shade = shifted(body, SUN_SHIFT, tall * 0.8)
        canvas.shade([(*point, 0.0) for point in shade])
        canvas.shade([(*point, 0.0) for point in rectangle(self.at, self.heading, length, width)])
        canvas.box(body, 0.25, 0.85, paint)
        self._shine(canvas, length, width, paint)
        self._cabin(canvas, length, width, tall, paint)

    def _shine(self, canvas: Canvas, length: float, width: float, paint: Colour) -> None:
        """The sky in the lacquer of bonnet and boot, and the lamps."""
        for along, share in ((0.36, 0.22), (-0.43, 0.1)):
            lacquer = rectangle(
                self._ahead(along * length), self.heading, share * length, 0.7 * width
            )
            canvas.area([(*point, 0.86) for point in lacquer], _towards(paint, SKY, 0.35))
        for along, colour in ((0.47, LAMP), (-0.48, REAR_LAMP)):
            for beside in (-0.36, 0.36):
                lamp = rectangle(
                    self._ahead(along * length, beside * width), self.heading, 0.22, 0.32
                )
                canvas.area([(*point, 0.88) for point in lamp], colour)

    def _cabin(
        self, canvas: Canvas, length: float, width: float, tall: float, paint: Colour
    ) -> None:
        """Glass all around, the sky in the windscreen, a roof in the car's colour above it."""
        back = self._ahead(-0.25)
        canvas.box(rectangle(back, self.heading, 0.62 * length, 0.9 * width), 0.85, 1.2, GLASS)
        screen = rectangle(self._ahead(0.2 * length - 0.25), self.heading, 0.5, 0.8 * width)
        canvas.area([(*point, 1.22) for point in screen], _towards(GLASS, SKY, 0.45))
        roof = rectangle(back, self.heading, 0.42 * length, 0.82 * width)
        canvas.area([(*point, tall) for point in roof], _towards(paint, SKY, 0.15))
        edge = rectangle(back, self.heading, 0.3 * length, 0.55 * width)
        canvas.area([(*point, tall) for point in edge], _towards(paint, SKY, 0.3))

    def _ahead(self, along: float, beside: float = 0.0) -> Point:
        c, s = cos(self.heading), sin(self.heading)
        return self.at[0] + c * along - s * beside, self.at[1] + s * along + c * beside


def _towards(colour: Colour, other: Colour, share: float) -> Colour:
    b, g, r = (int(one + (two - one) * share) for one, two in zip(colour, other, strict=True))
    return b, g, r


@dataclass(frozen=True, slots=True)
class Walker:
    """`lying` goes from 0, upright, to 1, on the ground; `along` is which way they fell."""

    at: Point
    name: str
    stride: float = 0.0
    lying: float = 0.0
    along: float = 0.0
    tall: float = 1.7

    def draw(self, canvas: Canvas) -> None:
        coat = Random(self.name).choice(COATS)
        if self.lying >= 0.5:
            self._lie(canvas, coat)
        else:
            self._stand(canvas, coat)

    def _stand(self, canvas: Canvas, coat: Colour) -> None:
        (x, y), tall = self.at, self.tall
        canvas.shade(
            [(x - 0.25, y, 0.0), (x + 0.25, y, 0.0),
             (x + 0.25 + SUN_SHIFT[0] * tall, y + SUN_SHIFT[1] * tall, 0.0),
             (x - 0.05 + SUN_SHIFT[0] * tall, y + SUN_SHIFT[1] * tall, 0.0)]
        )  # fmt: skip
        step = 0.16 * np.sin(self.stride * 2 * np.pi)
        for side in (-1, 1):
            ellipse(canvas, (x + side * step, y, 0.42), (0.11, 0.42), (44, 38, 34))
        ellipse(canvas, (x, y, 1.08), (0.24, 0.36), coat)
        ellipse(canvas, (x, y, tall - 0.12), (0.13, 0.15), (128, 158, 196))

    def _lie(self, canvas: Canvas, coat: Colour) -> None:
        way = (cos(self.along), sin(self.along))

        def spot(metres: float) -> Point:
            return self.at[0] + way[0] * metres, self.at[1] + way[1] * metres

        for middle, length, width, high, colour in (
            (-0.55, 0.8, 0.32, 0.2, (44, 38, 34)), (0.15, 0.7, 0.5, 0.28, coat),
            (0.65, 0.28, 0.26, 0.24, (128, 158, 196)),
        ):  # fmt: skip
            canvas.box(rectangle(spot(middle), self.along, length, width), 0.0, high, colour)
