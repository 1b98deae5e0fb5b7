"""Units of measurement by their UCUM code: what a device says → what we store.

Source: The Unified Code for Units of Measure (ucum.org). A unit not in the table is refused, so
that a gauge in feet is never read as metres.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """value in base unit = value × factor + offset."""

    base: str
    factor: float = 1.0
    offset: float = 0.0


UNITS: dict[str, Unit] = {
    "1": Unit("1"), "%": Unit("1", 0.01), "{count}": Unit("{count}"),
    "{count}/m2": Unit("{count}/m2"),
    "m": Unit("m"), "cm": Unit("m", 0.01), "mm": Unit("m", 0.001), "[ft_i]": Unit("m", 0.3048),
    "[in_i]": Unit("m", 0.0254), "km": Unit("m", 1000.0),
    "m/s": Unit("m/s"), "km/h": Unit("m/s", 1 / 3.6), "[mi_i]/h": Unit("m/s", 0.44704),
    "mm/s": Unit("m/s", 0.001),
    "m/s2": Unit("m/s2"), "[g]": Unit("m/s2", 9.80665),
    "mm/h": Unit("m/s", 1 / 3.6e6),
    "m3/s": Unit("m3/s"), "L/s": Unit("m3/s", 0.001),
    "s": Unit("s"), "min": Unit("s", 60.0), "h": Unit("s", 3600.0),
    "K": Unit("K"), "Cel": Unit("K", 1.0, 273.15), "[degF]": Unit("K", 5 / 9, 459.67 * 5 / 9),
    "Pa": Unit("Pa"), "hPa": Unit("Pa", 100.0), "bar": Unit("Pa", 1e5),
    "rad": Unit("rad"), "deg": Unit("rad", 0.017453292519943295),
    "lx": Unit("lx"), "[ppm]": Unit("1", 1e-6),
    "kg/m3": Unit("kg/m3"), "ug/m3": Unit("kg/m3", 1e-9),
    "V": Unit("V"), "mV": Unit("V", 0.001), "dB": Unit("dB"), "W": Unit("W"), "kW": Unit("W", 1e3),
}  # fmt: skip


def convert(value: float, *, from_unit: str, to_unit: str) -> float:
    """Convert between two units of one kind.

    Raises:
        KeyError: an unknown code.
        ValueError: units of different kinds.
    """
    source, target = UNITS[from_unit], UNITS[to_unit]
    if source.base != target.base:
        raise ValueError(f"{from_unit} and {to_unit} measure different things.")
    if source == target:
        return value
    return (value * source.factor + source.offset - target.offset) / target.factor
