"""Orientations for augmented reality: OGC GeoPose, ARCore and ARKit from one heading.

Frames. GeoPose's local tangent plane is east-north-up; its yaw turns anticlockwise from east, so
an arrow modelled along
+X and pointing to a compass heading has yaw = 90 - heading. ARCore's anchor frame is east-up-south
and its models look
along -Z. Quaternions are (x, y, z, w), unit length.

OGC 21-056r11 (GeoPose 1.0); ARCore geospatial anchors, "eus_quaternion".
"""

import math
from dataclasses import dataclass

Quaternion = tuple[float, float, float, float]
Angles = tuple[float, float, float]  # yaw, pitch, roll in degrees, about z, y, x in this order

# The rotation that carries east-north-up axes onto east-up-south: -90 degrees about x.
_ENU_TO_EUS: Quaternion = (-math.sqrt(0.5), 0.0, 0.0, math.sqrt(0.5))


@dataclass(frozen=True, slots=True)
class Position:
    """WGS84; `h` is metres above the ellipsoid, None where unknown."""

    lat: float
    lon: float
    h: float | None


def from_angles(angles: Angles) -> Quaternion:
    """The quaternion of yaw, pitch, roll."""
    cy, cp, cr = (math.cos(math.radians(a) / 2) for a in angles)
    sy, sp, sr = (math.sin(math.radians(a) / 2) for a in angles)
    return (
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
        cr * cp * cy + sr * sp * sy,
    )


def to_angles(q: Quaternion) -> Angles:
    """Yaw, pitch, roll of a unit quaternion; at a pitch of 90 degrees roll is taken as 0."""
    x, y, z, w = q
    sine = max(-1.0, min(1.0, 2 * (w * y - z * x)))
    pitch = math.asin(sine)
    if abs(sine) > 1 - 1e-12:
        yaw = -2 * math.copysign(math.atan2(x, w), sine)
        return math.degrees(_wrapped(yaw)), math.degrees(pitch), 0.0
    roll = math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)


def _wrapped(radians: float) -> float:
    return math.atan2(math.sin(radians), math.cos(radians))


def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """First b, then a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def conjugate(q: Quaternion) -> Quaternion:
    return (-q[0], -q[1], -q[2], q[3])


def rotate(q: Quaternion, v: tuple[float, float, float]) -> tuple[float, float, float]:
    """The vector turned by a unit quaternion."""
    x, y, z, _ = multiply(multiply(q, (*v, 0.0)), conjugate(q))
    return x, y, z


def enu_heading(heading_deg: float) -> Quaternion:
    """East-north-up orientation of an arrow along +X that points to a compass heading."""
    return from_angles((90.0 - heading_deg, 0.0, 0.0))


def heading_of_enu(q: Quaternion) -> float:
    """The compass heading of an arrow along +X."""
    east, north, _ = rotate(q, (1.0, 0.0, 0.0))
    return math.degrees(math.atan2(east, north)) % 360.0


def eus_heading(heading_deg: float) -> Quaternion:
    """ARCore orientation of a model that looks along -Z, turned to a compass heading."""
    half = math.radians(heading_deg) / 2
    return (0.0, -math.sin(half), 0.0, math.cos(half))


def heading_of_eus(q: Quaternion) -> float:
    """The compass heading of a model that looks along -Z: east is +X, north is -Z."""
    east, _, south = rotate(q, (0.0, 0.0, -1.0))
    return math.degrees(math.atan2(east, -south)) % 360.0


def enu_to_eus(q: Quaternion) -> Quaternion:
    """The same turn of the world, told in east-up-south axes."""
    return multiply(multiply(_ENU_TO_EUS, q), conjugate(_ENU_TO_EUS))


def eus_to_enu(q: Quaternion) -> Quaternion:
    return multiply(multiply(conjugate(_ENU_TO_EUS), q), _ENU_TO_EUS)
