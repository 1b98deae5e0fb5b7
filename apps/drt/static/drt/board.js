/* global ol, cityBaseLayer */
'use strict';

/** The dispatch board: asks for its rows every few seconds, draws vehicles and their timelines. */
(() => {
    const EVERY_MS = 4000;
    const settings = JSON.parse(document.getElementById('drt-board').textContent);
    const words = settings.words;
    const state = document.getElementById('drt-state');
    const time = new Intl.DateTimeFormat(settings.language, {
        hour: '2-digit', minute: '2-digit', hour12: false, timeZone: settings.zone,
    });
    const at = (text) => time.format(new Date(text));
    const said = (word, n) => word.replace('{n}', n);

    const vehicles = new ol.source.Vector();
    const stops = new ol.source.Vector();
    const text = (feature, offset) => new ol.style.Text({
        text: feature.get('label'), font: '600 13px sans-serif', offsetY: offset,
        fill: new ol.style.Fill({ color: '#1c1917' }),
        stroke: new ol.style.Stroke({ color: '#fff', width: 4 }),
    });
    const vehicleStyle = (feature) => new ol.style.Style({
        image: new ol.style.RegularShape({
            points: 3, radius: 12, rotation: (feature.get('bearing') || 0) * Math.PI / 180,
            fill: new ol.style.Fill({ color: feature.get('troubled') ? '#b91c1c' : '#0369a1' }),
            stroke: new ol.style.Stroke({ color: '#fff', width: 2 }),
        }),
        text: text(feature, -22),
        zIndex: 2,
    });
    const stopStyle = new ol.style.Style({
        image: new ol.style.Circle({
            radius: 4, fill: new ol.style.Fill({ color: '#fff' }),
            stroke: new ol.style.Stroke({ color: '#0369a1', width: 2 }),
        }),
    });
    const map = new ol.Map({
        target: 'drt-map',
        layers: [
            cityBaseLayer(),
            new ol.layer.Vector({ source: stops, style: stopStyle }),
            new ol.layer.Vector({ source: vehicles, style: vehicleStyle, declutter: true }),
        ],
        view: new ol.View({ center: ol.proj.fromLonLat(settings.centre), zoom: 14.5 }),
    });

    const feature = (row, more) => new ol.Feature({
        geometry: new ol.geom.Point(ol.proj.fromLonLat([row.lon, row.lat])), ...more,
    });

    function drawMap(board) {
        if (!stops.getFeatures().length) { stops.addFeatures(board.stops.map((row) => feature(row, {}))); }
        vehicles.clear();
        for (const row of board.vehicles.filter((one) => one.lon !== undefined && one.duty !== 'ended')) {
            const riders = row.riders ? ` · ${row.riders}` : '';
            vehicles.addFeature(feature(row, {
                label: row.label + riders, bearing: row.bearing_deg, troubled: row.troubled,
            }));
        }
        document.getElementById('drt-map').dataset.vehicles = vehicles.getFeatures().length;
    }

    function element(tag, className, content) {
        const made = document.createElement(tag);
        if (className) { made.className = className; }
        if (content !== undefined) { made.textContent = content; }
        return made;
    }

    function drawTimeline(board) {
        const box = document.getElementById('drt-timeline');
        const first = new Date(board.from);
        const span = new Date(board.until) - first;
        const share = (text) => Math.min(100, Math.max(0, (new Date(text) - first) / span * 100));
        const lines = element('div', 'drt-lines');
        const hours = element('div', 'drt-hours');
        for (let hour = 0; hour < 6; hour += 1) {
            hours.append(element('span', '', at(new Date(first.getTime() + hour * span / 6))));
        }
        lines.append(hours);
        for (const row of board.vehicles) { lines.append(line(row, share, board)); }
        if (!board.vehicles.length) { lines.append(element('p', '', words.nobody)); }
        box.replaceChildren(lines);
    }

    function line(row, share, board) {
        const made = element('div', row.troubled ? 'drt-line troubled' : 'drt-line');
        made.dataset.vehicle = row.code;
        const head = element('div', '', row.label);
        const facts = [row.driver, row.duty_name];
        if (row.riders) { facts.push(said(words.riders, row.riders)); }
        if (row.late_s >= 60) { facts.push(said(words.late, Math.round(row.late_s / 60))); }
        if (row.unseen && row.duty === 'active') { facts.push(words.unseen); }
        head.append(element('small', '', facts.filter(Boolean).join(' · ')));
        const track = element('div', 'drt-track');
        const shift = element('div', 'drt-shift');
        shift.style.left = `${share(row.starts_at)}%`;
        shift.style.width = `${share(row.ends_at) - share(row.starts_at)}%`;
        track.append(shift, ...row.calls.map((call) => block(call, share)));
        const now = element('div', 'drt-now');
        now.style.left = `${share(board.now)}%`;
        track.append(now);
        made.append(head, track);
        return made;
    }

    function block(call, share) {
        const late = call.late_s >= 60;
        const kinds = ['call', call.act, call.done && 'done', call.pinned && 'pinned', late && 'late'];
        const made = element(call.booking ? 'a' : 'div', kinds.filter(Boolean).join(' '));
        const ends = new Date(new Date(call.at).getTime() + call.lasts_s * 1000);
        made.style.left = `${share(call.at)}%`;
        made.style.width = `${Math.max(0.3, share(ends) - share(call.at))}%`;
        const facts = [at(call.at), call.place, words[call.act]];
        if (call.pinned) { facts.push(words.pinned); }
        if (late) { facts.push(said(words.late, Math.round(call.late_s / 60))); }
        made.title = facts.join(' · ');
        made.setAttribute('aria-label', made.title);
        made.textContent = call.wheelchair ? '♿' : '';
        if (call.booking) { made.href = settings.booking.replace('{pk}', call.booking); }
        return made;
    }

    function drawSeeking(board) {
        const links = board.seeking.map((row) => {
            const link = element('a', '', `${row.code} · ${row.place} · ${at(row.until)} – ${words.seeking}`);
            link.href = settings.booking.replace('{pk}', row.booking);
            return link;
        });
        document.getElementById('drt-seeking').replaceChildren(...links);
    }

    async function refresh() {
        try {
            const answer = await fetch(settings.rows, { headers: { Accept: 'application/json' } });
            if (!answer.ok) { throw new Error(String(answer.status)); }
            const board = await answer.json();
            drawMap(board);
            drawTimeline(board);
            drawSeeking(board);
            state.textContent = at(board.now);
        } catch {
            state.textContent = words.lost;
        }
        setTimeout(refresh, EVERY_MS);
    }

    map.once('rendercomplete', () => { map.getTargetElement().dataset.drawn = 'yes'; });
    refresh();
})();
