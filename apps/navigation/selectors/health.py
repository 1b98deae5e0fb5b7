"""Whether ways can be found."""

from apps.base.health import Finding
from apps.navigation.models import GraphBuild


def graph() -> Finding:
    """A city without a map yet works in all else."""
    newest = GraphBuild.objects.ready().first()
    if newest is None:
        return Finding(ok=False, detail="no graph was built", vital=False)
    failed = GraphBuild.objects.filter(state=GraphBuild.State.FAILED, pk__gt=newest.pk).exists()
    detail = f"build {newest}" + (", a newer one failed" if failed else "")
    return Finding(ok=not failed, detail=detail, vital=False)
