"""Names for the array types of this core."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

F8 = npt.NDArray[np.float64]
F4 = npt.NDArray[np.float32]
I8 = npt.NDArray[np.int64]
I4 = npt.NDArray[np.int32]
I2 = npt.NDArray[np.int16]
I1 = npt.NDArray[np.int8]
U4 = npt.NDArray[np.uint32]
U1 = npt.NDArray[np.uint8]
Bool = npt.NDArray[np.bool_]
_T = TypeVar("_T", bound=np.generic)


def frozen(array: npt.NDArray[_T]) -> npt.NDArray[_T]:
    """The same array, no longer writable: what leaves a builder never changes."""
    array.flags.writeable = False
    return array
