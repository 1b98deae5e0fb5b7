/* global ol */
'use strict';

/** The city's own vector tiles as an OpenLayers base layer; see /tiles/city.json for what is in them. */
function cityBaseLayer() {
    const fill = (color) => new ol.style.Style({ fill: new ol.style.Fill({ color }) });
    const line = (color, width) => new ol.style.Style({ stroke: new ol.style.Stroke({ color, width }) });
    const areas = { landuse: '#e4edd8', water: '#a9cfe8', buildings: '#d9cfc4' };
    const lines = {
        waterways: ['#a9cfe8', 2],
        rails: ['#8a8a8a', 1.5],
        barriers: ['#b5a99a', 1],
        districts: ['#9b7fb5', 1],
    };
    const roadWidths = {
        motorway: 5, trunk: 5, primary: 4.5, secondary: 4, tertiary: 3.5, residential: 2.5,
        unclassified: 2.5, living_street: 2.5,
    };
    const steps = new ol.style.Style({
        stroke: new ol.style.Stroke({ color: '#b45309', width: 2, lineDash: [2, 2] }),
    });

    const named = (feature, size) => new ol.style.Text({
        text: feature.get('name') || '',
        font: `${size}px sans-serif`,
        fill: new ol.style.Fill({ color: '#222' }),
        stroke: new ol.style.Stroke({ color: '#fff', width: 3 }),
        placement: feature.getType() === 'Point' ? 'point' : 'line',
    });

    const styleOf = (feature) => {
        const layer = feature.get('layer');
        if (layer in areas) { return fill(areas[layer]); }
        if (layer in lines) { return line(...lines[layer]); }
        if (layer === 'roads') {
            const width = roadWidths[feature.get('kind')] || 1.5;
            return [line('#b9b2a8', width + 1.5), line('#ffffff', width),
                new ol.style.Style({ text: named(feature, 11) })];
        }
        if (layer === 'paths') {
            return feature.get('kind') === 'steps' ? steps : line('#d6a77a', 1);
        }
        if (layer === 'places' && feature.get('name')) {
            return new ol.style.Style({ text: named(feature, 12) });
        }
        return null;
    };

    return new ol.layer.VectorTile({
        declutter: true,
        source: new ol.source.VectorTile({
            format: new ol.format.MVT(),
            url: '/tiles/{z}/{x}/{y}.mvt',
            maxZoom: 16,
            attributions: '© OpenStreetMap contributors',
        }),
        style: styleOf,
    });
}
