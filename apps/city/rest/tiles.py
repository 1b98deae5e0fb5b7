"""The hot paths of the map: vector tiles, and TileJSON that says what is in them."""

import gzip

from django.conf import settings

from apps.base.answers import is_known
from apps.base.hot import Request, Response, Route
from apps.base.problems import NotFound
from apps.city.cache import known_city
from apps.city.tiles.layers import all_layers
from apps.city.tiles.rendering import MAX_ZOOM, read_tile
from apps.city.tiles.store import etag, packed_tile

MVT = "application/vnd.mapbox-vector-tile"
# A tile may be shown for so long without asking; after that one short question (ETag) is enough.
MAX_AGE_S = 60


async def tile(request: Request) -> Response:
    """1. which tile, 2. does the client have it, 3. fetch or make it, 4. as the client reads it."""
    wanted = read_tile(request.params["z"], request.params["x"], request.params["y"])
    if wanted is None:
        raise NotFound
    known = await known_city()
    tag = etag(known, wanted)
    headers = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={MAX_AGE_S}",
        "Vary": "Accept-Encoding",
    }
    if is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status=304, headers=headers)
    packed = await packed_tile(known, wanted)
    if not packed:
        return Response(status=204, headers=headers)
    headers["Content-Type"] = MVT
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), headers=headers)


async def tile_json(request: Request) -> Response:
    known = await known_city()
    west, south, east, north = known.box
    return Response.json(
        {
            "tilejson": "3.0.0",
            "name": known.names.get("", ""),
            "attribution": known.attribution,
            "version": "1.0.0",
            "scheme": "xyz",
            "tiles": [f"{_origin(request)}/tiles/{{z}}/{{x}}/{{y}}.mvt"],
            "minzoom": 0,
            "maxzoom": MAX_ZOOM,
            "bounds": [west, south, east, north],
            "center": [*known.centre, 14],
            "vector_layers": [
                {
                    "id": layer.name,
                    "description": layer.description,
                    "minzoom": layer.min_zoom,
                    "maxzoom": MAX_ZOOM,
                    "fields": dict(layer.fields),
                }
                for layer in all_layers()
            ],
        },
    )


def _origin(request: Request) -> str:
    """The address the client came by, if it is one of ours, so that a phone in the same network
    gets tiles as well; else the public one."""
    host = request.headers.get("host", "")
    if host.rpartition(":")[0] in settings.ALLOWED_HOSTS or host in settings.ALLOWED_HOSTS:
        scheme = "https" if settings.HTTPS else request.scope.get("scheme", "http")
        return f"{scheme}://{host}"
    return str(settings.PUBLIC_URL)


_PART = {"in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}

ROUTES = (
    Route(
        "GET",
        "/tiles/{z}/{x}/{y}.mvt",
        tile,
        {
            "operationId": "tile",
            "tags": ["tiles"],
            "summary": "One vector tile of the city's map, all layers",
            "parameters": [{"name": name, **_PART} for name in "zxy"],
            "responses": {
                "200": {
                    "description": "Mapbox Vector Tile 2.1",
                    "content": {MVT: {"schema": {"type": "string", "format": "binary"}}},
                },
                "204": {"description": "Nothing is drawn here."},
                "304": {"description": "The client's copy (If-None-Match) is still good."},
            },
        },
        per_minute=30_000,
    ),
    Route(
        "GET",
        "/tiles/city.json",
        tile_json,
        {
            "operationId": "tile_json",
            "tags": ["tiles"],
            "summary": "TileJSON 3.0: where the tiles are and what layers they hold",
            "responses": {
                "200": {
                    "description": "TileJSON 3.0",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                }
            },
        },
    ),
)
