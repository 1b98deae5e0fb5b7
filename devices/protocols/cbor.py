"""CBOR bodies (RFC 8949), the same form as JSON; times as text, or as tagged instants."""

import cbor2

from devices.protocols.batch import Batch, Unreadable, observations_of, read_rows

CONTENT_TYPE = "application/cbor"


def decode(body: bytes) -> Batch:
    """Read a body; rows that cannot be read are kept apart, the others taken.

    Raises:
        Unreadable: the body is no such object at all.
        Oversized: too many rows.
    """
    try:
        decoded = cbor2.loads(body)
    except (cbor2.CBORDecodeError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(str(error)) from error
    return read_rows(observations_of(decoded))
