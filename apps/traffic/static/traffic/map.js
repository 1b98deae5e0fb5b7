/* global ol, cityBaseLayer */
'use strict';

/** Links by their level and incidents by their severity on the city's map. Width and dashes tell the
 * levels apart as well as colours do. */
(() => {
    const levels = {
        free: { color: '#15803d', width: 3 },
        slow: { color: '#ca8a04', width: 4 },
        congested: { color: '#c2410c', width: 5, lineDash: [10, 4] },
        jammed: { color: '#7f1d1d', width: 7, lineDash: [4, 4] },
    };
    const place = document.getElementById('traffic-map');
    const format = new ol.format.GeoJSON({ featureProjection: 'EPSG:3857' });
    const stroke = (feature) => new ol.style.Style({
        stroke: new ol.style.Stroke(levels[feature.get('level')] || { color: '#64748b', width: 2 }),
    });
    const sign = (feature) => new ol.style.Style({
        image: new ol.style.RegularShape({
            points: 3,
            radius: 7 + 2 * feature.get('severity'),
            fill: new ol.style.Fill({ color: '#b91c1c' }),
            stroke: new ol.style.Stroke({ color: '#fff', width: 2 }),
        }),
        text: new ol.style.Text({
            text: feature.get('title'),
            offsetY: -20,
            font: '600 12px sans-serif',
            fill: new ol.style.Fill({ color: '#0f172a' }),
            stroke: new ol.style.Stroke({ color: '#fff', width: 3 }),
        }),
    });
    const links = new ol.source.Vector();
    const incidents = new ol.source.Vector();
    const centre = ol.proj.fromLonLat([Number(place.dataset.lon), Number(place.dataset.lat)]);
    const map = new ol.Map({
        target: place,
        layers: [
            cityBaseLayer(),
            new ol.layer.Vector({ source: links, style: stroke, zIndex: 10 }),
            new ol.layer.Vector({ source: incidents, style: sign, zIndex: 20 }),
        ],
        view: new ol.View({ center: centre, zoom: 14 }),
    });

    let etag = '';
    const look = async () => {
        const answer = await fetch(place.dataset.links, { headers: etag ? { 'If-None-Match': etag } : {} });
        if (answer.status !== 200) { return; }
        etag = answer.headers.get('ETag') || '';
        const features = format.readFeatures(await answer.json());
        links.clear();
        links.addFeatures(features);
    };
    JSON.parse(document.getElementById('traffic-incidents').textContent).forEach((row) => {
        const feature = new ol.Feature(new ol.geom.Point(ol.proj.fromLonLat([row.lon, row.lat])));
        feature.setProperties({ title: row.title, severity: row.severity, url: row.url });
        incidents.addFeature(feature);
    });
    map.on('singleclick', (event) => {
        const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature.get('url'));
        if (hit) { window.location.href = hit; }
    });
    look();
    setInterval(look, 5000);
})();
