from apps.navigation.models.builds import GraphBuild, HeightModel

__all__ = ["GraphBuild", "HeightModel"]
