/* global ol, cityBaseLayer */
'use strict';

/** Sites on the city's map, coloured by how well is known what is free there. */
(() => {
    const colours = { good: '#15803d', fair: '#ca8a04', poor: '#b91c1c', unknown: '#64748b' };
    document.querySelectorAll('.grade').forEach((mark) => {
        mark.style.color = colours[mark.dataset.grade];
    });
    const place = document.getElementById('quality-map');
    const points = JSON.parse(document.getElementById('quality-points').textContent);
    const features = points.map((point) => {
        const feature = new ol.Feature(new ol.geom.Point(ol.proj.fromLonLat([point.lon, point.lat])));
        feature.set('url', point.url);
        feature.setStyle(new ol.style.Style({
            image: new ol.style.Circle({
                radius: 9,
                fill: new ol.style.Fill({ color: colours[point.grade] }),
                stroke: new ol.style.Stroke({ color: '#fff', width: 2 }),
            }),
            text: new ol.style.Text({
                text: point.label,
                offsetY: -18,
                font: '600 12px sans-serif',
                fill: new ol.style.Fill({ color: '#0f172a' }),
                stroke: new ol.style.Stroke({ color: '#fff', width: 3 }),
            }),
        }));
        return feature;
    });
    const source = new ol.source.Vector({ features });
    const centre = ol.proj.fromLonLat([Number(place.dataset.lon), Number(place.dataset.lat)]);
    const map = new ol.Map({
        target: place,
        layers: [cityBaseLayer(), new ol.layer.Vector({ source, zIndex: 10 })],
        view: new ol.View({ center: centre, zoom: 14 }),
    });
    if (features.length > 0) {
        map.getView().fit(source.getExtent(), { padding: [60, 60, 60, 60], maxZoom: 16 });
    }
    map.on('singleclick', (event) => {
        const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature.get('url'));
        if (hit) { window.location.href = hit; }
    });
})();
