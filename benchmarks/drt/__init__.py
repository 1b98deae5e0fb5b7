from benchmarks.drt.suite import run

__all__ = ["run"]
