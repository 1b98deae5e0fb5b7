"""What the tree promises: public faces, empty roots, named migrations, no hidden imports."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PUBLIC = {"models", "selectors", "services", "events", "core"}
# The map that every admin page draws, the page on which lists come in, the registry of tile layers.
SHARED = {"apps.city.admin.maps", "apps.city.admin.uploads", "apps.city.tiles.layers"}
SHAPELESS = {"utils", "helpers", "common", "misc"}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield path


def test_apps_meet_only_at_their_public_faces() -> None:
    graph = grimp.build_graph("citizen", "apps", "devices")
    hidden = [
        f"{importer} imports {imported}"
        for importer in graph.modules
        if importer.startswith("apps.")
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.startswith("apps.") and not _may_import(importer, imported)
    ]
    assert not hidden


def _may_import(importer: str, imported: str) -> bool:
    _, theirs, *room = imported.split(".")
    if imported in SHARED:
        return True
    return importer.split(".")[1] == theirs or theirs == "base" or bool(room and room[0] in PUBLIC)


def test_roots_of_packages_are_empty() -> None:
    full = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "apps").glob("*/__init__.py")
        if path.read_text().strip()
    ]
    assert not full


def test_no_module_is_named_for_nothing() -> None:
    nameless = [
        str(path.relative_to(ROOT))
        for path in sources("apps", "citizen", "devices", "benchmarks", "tests", "scripts")
        if path.stem in SHAPELESS
    ]
    assert not nameless


def test_first_party_imports_stand_at_the_top() -> None:
    """Except in `apps.py`, whose `ready` runs once Django is set up."""
    hidden = []
    for path in sources("apps", "citizen", "devices"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                if path.name == "apps.py":
                    continue
                hidden += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for node in ast.walk(function)
                    if _imports_ours(node)
                ]
    assert not hidden


def _imports_ours(node: ast.AST) -> TypeGuard[ast.Import | ast.ImportFrom]:
    ours = ("apps", "citizen", "devices")
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in ours
    return isinstance(node, ast.Import) and any(a.name.split(".")[0] in ours for a in node.names)


def test_migrations_are_named_by_people() -> None:
    unnamed = [str(path) for path in ROOT.glob("apps/*/migrations/*_auto_*.py")]
    assert not unnamed


def test_the_clock_is_the_only_source_of_now() -> None:
    """`base.clock` reads the machine's time; health measures real age, limits real rates; push
    services count in real time, whatever a scenario's clock says."""
    allowed = {
        "apps/base/clock.py", "apps/base/health.py", "apps/base/limits.py",
        "apps/notify/kinds/fcm/account.py", "apps/notify/kinds/fcm/transport.py",
        "apps/notify/kinds/webpush/transport.py",
    }  # fmt: skip
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("apps", "devices")
        if str(path.relative_to(ROOT)) not in allowed
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _reads_time(node)
    ]
    assert not found


def _reads_time(call: ast.Call) -> bool:
    written = ast.unparse(call.func)
    return written in {"timezone.now", "datetime.now", "datetime.utcnow", "time.time"}


@pytest.mark.parametrize("core", sorted((ROOT / "apps").glob("*/core"), key=str), ids=str)
def test_every_core_says_what_it_stands_on(core: Path) -> None:
    if any(path.stem != "__init__" for path in core.glob("*.py")):
        assert (core / "README.md").exists()
