"""What can flood, on the city's map: the steps of every reach, computed beforehand.

A tile is cached, so what floods at this moment is no layer but a question of its own
(`/api/v1/hazards/inundation`).
"""

from apps.city.tiles.layers import TileLayer

FLOOD_ZONES = TileLayer(
    "flood_zones",
    """
    SELECT step.id, jsonb_build_object('reach', reach.code, 'depth_m', step.depth_m) AS properties,
           ST_Transform(step.geom, 3857) AS geom
    FROM hazards_inundationstep step JOIN hazards_reach reach ON reach.id = step.reach_id
    WHERE step.geom && {degrees} AND (step.depth_m * 4)::int %% 4 = 0
    """,
    "Where a river can reach, by metres of water above its bed",
    11,
    {"reach": "String", "depth_m": "Number"},
)
