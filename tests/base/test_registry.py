"""One role, many implementers."""

import pytest

from apps.base.registry import Registry


def test_it_loads_what_was_registered() -> None:
    maths: Registry[object] = Registry("function")
    maths.add("root", "math.sqrt")
    assert maths.load("root")(9) == 3  # type: ignore[operator]
    assert "root" in maths
    assert maths.kinds() == ["root"]


def test_it_imports_nothing_before_it_is_asked() -> None:
    lazy: Registry[object] = Registry("function")
    lazy.add("absent", "no.such.module")
    with pytest.raises(ImportError):
        lazy.load("absent")


def test_it_refuses_a_second_implementer_of_a_kind() -> None:
    one: Registry[object] = Registry("function")
    one.add("root", "math.sqrt")
    one.add("root", "math.sqrt")
    with pytest.raises(ValueError, match=r"already math\.sqrt"):
        one.add("root", "cmath.sqrt")


def test_it_names_the_known_kinds_when_asked_for_another() -> None:
    one: Registry[object] = Registry("function")
    one.add("root", "math.sqrt")
    with pytest.raises(KeyError, match="known: root"):
        one.load("cube")
