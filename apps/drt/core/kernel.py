"""How kernels are compiled: on first use, kept on disk, run without the interpreter lock.

Numba's cache knows when the file of a kernel changed, but not when a kernel that it calls did, and
would go on running the old one. So every kernel of this folder is stamped with the whole folder.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

STAMP = tuple(
    (path.name, path.stat().st_mtime_ns, path.stat().st_size)
    for path in sorted(Path(__file__).parent.glob("*.py"))
)


def _compiled(**private: bool) -> Callable[[Callable[..., Any]], Any]:
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", **private}

    def compile_lazily(function: Callable[..., Any]) -> Any:
        dispatcher: Any = njit(**options)(function)
        cache_file = getattr(dispatcher._cache, "_cache_file", None)  # noqa: SLF001 (no public door)
        if cache_file is not None:
            cache_file._source_stamp = STAMP  # noqa: SLF001
        return dispatcher

    return compile_lazily


kernel = _compiled()

# A kernel that allocates nothing needs no reference counting; without it the insertion scan, which
# touches thirty arrays a call, runs three times as fast. Numba refuses to compile a leaf that does
# allocate.
leaf = _compiled(_nrt=False)
