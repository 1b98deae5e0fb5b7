"""Creates observations through the one way in; other entities come by provisioning."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.base.problems import Invalid, Problem
from devices.events import EPOCH
from devices.ingest.accept import ForeignDatastream, accept
from devices.ingest.speaker import Speaker
from devices.models import Datastream
from devices.protocols.batch import MAX_ROWS, AwareTime, Batch, read_rows


class NotBelieved(Problem):
    slug, status = "observation-not-believed", 422
    title = _("This observation cannot be believed; it is kept apart.")


class _Key(msgspec.Struct):
    id: int | str = msgspec.field(name="@iot.id")


class _Observation(msgspec.Struct, rename="camel"):
    phenomenon_time: AwareTime
    result: Any = None
    datastream: _Key | None = msgspec.field(name="Datastream", default=None)


class _DataArray(msgspec.Struct, rename="camel"):
    datastream: _Key = msgspec.field(name="Datastream")
    components: list[str]
    data_array: list[list[Any]] = msgspec.field(name="dataArray")


def create_observation(body: Any, speaker: Speaker, *, datastream: int | None = None) -> str:
    """Returns the key of the observation, which may have been there before.

    Raises:
        Invalid: the document is none of an observation.
        ForeignDatastream: the gateway may not speak for that datastream.
        NotBelieved: it is in quarantine now.
    """
    try:
        given = msgspec.convert(body, _Observation)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from error
    stream = datastream if datastream is not None else _number(given.datastream)
    (key, refused), *_more = _send(
        [(stream, {"phenomenonTime": given.phenomenon_time, "result": given.result})], speaker
    )
    if refused:
        raise NotBelieved(refused)
    return key


def create_from_arrays(body: Any, speaker: Speaker) -> list[str]:
    """`CreateObservations`: the key of each row in order, or `error`."""
    try:
        arrays = msgspec.convert(body, list[_DataArray])
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from error
    rows = [
        (_number(array.datastream), dict(zip(array.components, cells, strict=False)))
        for array in arrays
        for cells in array.data_array
    ]
    if len(rows) > MAX_ROWS:
        raise Invalid(_("At most %d observations at once.") % MAX_ROWS)
    return ["error" if refused else key for key, refused in _send(rows, speaker)]


def _number(key: _Key | None) -> int:
    if key is None or not str(key.id).isdecimal() or len(str(key.id)) > 9:
        raise Invalid(errors={"Datastream": _("Name the datastream by its @iot.id.")})
    return int(key.id)


def _send(rows: Sequence[tuple[int, Mapping[str, Any]]], speaker: Speaker) -> list[tuple[str, str]]:
    """(key, why it was refused or empty) of each row."""
    codes = dict(
        Datastream.objects.filter(
            pk__in={stream for stream, _row in rows}, gateway=speaker.gateway_id
        ).values_list("pk", "code")
    )
    foreign = [stream for stream, _row in rows if stream not in codes]
    if foreign:
        raise ForeignDatastream(datastream=foreign[0])
    batch = read_rows([{**row, "datastream": codes[stream]} for stream, row in rows])
    refused = {one.i: one.detail for one in accept(batch, speaker).quarantined}
    keys = _keys(batch, [stream for stream, _row in rows])
    return [(keys.get(i, ""), refused.get(i, "")) for i in range(len(rows))]


def _keys(batch: Batch, streams: Sequence[int]) -> dict[int, str]:
    return {
        place: f"{streams[place]}-{round((row.phenomenon_time - EPOCH).total_seconds() * 1e6)}"
        for place, row in zip(batch.places, batch.rows, strict=True)
    }
