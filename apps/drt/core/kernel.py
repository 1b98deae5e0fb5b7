"""How kernels are compiled: on first use, kept on disk, run without the interpreter lock."""

from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")

# A kernel that allocates nothing needs no reference counting; without it the insertion scan, which touches thirty
# arrays a call, runs three times as fast. Numba refuses to compile a leaf that does allocate.
leaf = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)
