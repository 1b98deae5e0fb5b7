from apps.navigation.models.builds import GraphBuild, HeightModel
from apps.navigation.models.crossings import BoundSignal
from apps.navigation.models.guidance import GuidanceSession
from apps.navigation.models.lifts import Lift
from apps.navigation.models.reports import ObstacleReport, ObstacleVoice
from apps.navigation.models.routes import Route

__all__ = [
    "BoundSignal",
    "GraphBuild",
    "GuidanceSession",
    "HeightModel",
    "Lift",
    "ObstacleReport",
    "ObstacleVoice",
    "Route",
]
