"""The public map in one statement: it builds the GeoJSON itself, so that a lean handler only sends.

What is shown is what `ServiceRequestQuerySet.public` shows, without words: place, service, state.
"""

HIDDEN = ("withdrawn", "anonymised", "rejection_proposed")
PUBLIC_MAP = """
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
    json_build_object(
        'type', 'Feature', 'id', shown.number,
        'geometry', json_build_object('type', 'Point', 'coordinates',
                                      json_build_array(shown.lon, shown.lat)),
        'properties', json_build_object(
            'service_code', shown.service_code, 'state', shown.state,
            'status', CASE WHEN shown.closed_at IS NULL THEN 'open' ELSE 'closed' END,
            'requested_at', shown.requested_at, 'updated_at', shown.updated_at))
    ), '[]'))::text
FROM (
    SELECT request.number, request.state, request.closed_at, request.requested_at,
           request.updated_at, service.service_code,
           round(ST_X(request.geom)::numeric, 5) AS lon,
           round(ST_Y(request.geom)::numeric, 5) AS lat
    FROM complaints_servicerequest AS request
    JOIN complaints_service AS service ON service.id = request.service_id
    WHERE request.is_public AND request.state <> ALL(%(hidden)s)
      AND request.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
      AND (%(status)s::text IS NULL OR (request.closed_at IS NULL) = (%(status)s = 'open'))
    ORDER BY request.requested_at DESC LIMIT %(limit)s
) AS shown
"""
