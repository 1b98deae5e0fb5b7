/* global ol, cityBaseLayer */
'use strict';

/** A still with zones drawn over it. All points are shares of the picture's width and height. */
(() => {
    const read = (id) => JSON.parse(document.getElementById(id).textContent);
    const byId = (id) => document.getElementById(id);
    const drawing = read('drawing');
    const words = read('words');
    const svg = byId('picture');
    const mayDraw = !document.documentElement.dataset.readOnly;
    const WIDTH = 1000;

    const zones = drawing.zones;
    const marks = drawing.marks;
    let aspect = drawing.aspect || 16 / 9;
    let tool = 'select';
    let draft = [];
    let chosen = null;
    let waitingMark = null;
    let image = null;

    const say = (text) => { byId('said').textContent = text; };
    const height = () => WIDTH / aspect;
    const seen = ([x, y]) => [x * WIDTH, y * height()];

    function shape(name, attributes, parent = svg) {
        const made = document.createElementNS('http://www.w3.org/2000/svg', name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        parent.append(made);
        return made;
    }

    function pointOf(event) {
        const box = svg.getBoundingClientRect();
        const share = (value, size) => Math.min(1, Math.max(0, value / size));
        return [share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height)]
            .map((value) => Math.round(value * 10000) / 10000);
    }

    // ------------------------------------------------------------ the picture

    const written = (points) => points.map((point) => seen(point).join(',')).join(' ');

    function drawZone(zone, index) {
        const closed = zone.kind !== 'line';
        const css = `zone ${zone.kind}${index === chosen ? ' chosen' : ''}`;
        const made = shape(closed ? 'polygon' : 'polyline', { points: written(zone.points), class: css });
        made.addEventListener('click', (event) => {
            if (tool === 'select') { event.stopPropagation(); choose(index); }
        });
        const [x, y] = seen(zone.points[0]);
        if (zone.kind !== 'bay' || index === chosen) {
            shape('text', { x: x + 6, y: y - 6, class: 'zone-label' }).textContent = titleOf(zone);
        }
        if (zone.kind === 'line') { drawForward(zone); }
        const way = zone.rules.find((rule) => rule.kind === 'wrong_way');
        if (way) { drawArrow(way.arrow, index === chosen); }
        if (index === chosen && mayDraw) { zone.points.forEach((_, n) => drawCorner(zone.points, n)); }
    }

    /** A short arrow across the line, from its left hand to its right. */
    function drawForward(zone) {
        const [[ax, ay], [bx, by]] = zone.points.map(seen);
        const length = Math.hypot(bx - ax, by - ay) || 1;
        const middle = [(ax + bx) / 2, (ay + by) / 2];
        const across = [-(by - ay) / length * 40, (bx - ax) / length * 40];
        shape('line', { x1: middle[0], y1: middle[1], x2: middle[0] + across[0], y2: middle[1] + across[1], class: 'arrow' });
    }

    function drawArrow(arrow, withCorners) {
        const [[x1, y1], [x2, y2]] = arrow.map(seen);
        shape('line', { x1, y1, x2, y2, class: 'arrow' });
        if (withCorners && mayDraw) { arrow.forEach((_, n) => drawCorner(arrow, n)); }
    }

    function drawCorner(points, n) {
        const [cx, cy] = seen(points[n]);
        const corner = shape('circle', { cx, cy, r: 7, class: 'corner' });
        corner.addEventListener('pointerdown', (event) => {
            event.stopPropagation();
            const move = (moved) => { points[n] = pointOf(moved); draw(); };
            const end = () => {
                window.removeEventListener('pointermove', move);
                window.removeEventListener('pointerup', end);
            };
            window.addEventListener('pointermove', move);
            window.addEventListener('pointerup', end);
        });
    }

    function draw() {
        svg.setAttribute('viewBox', `0 0 ${WIDTH} ${height()}`);
        svg.replaceChildren();
        const defs = shape('defs', {});
        const head = shape('marker', { id: 'point', viewBox: '0 0 10 10', refX: 8, refY: 5, markerWidth: 5, markerHeight: 5, orient: 'auto' }, defs);
        shape('path', { d: 'M0 0 10 5 0 10z', fill: '#fb923c' }, head);
        if (image) { shape('image', { href: image, width: WIDTH, height: height(), preserveAspectRatio: 'none' }); }
        zones.forEach(drawZone);
        if (draft.length) {
            shape('polyline', { points: written(draft), class: 'zone draft' });
            draft.forEach((point) => { const [cx, cy] = seen(point); shape('circle', { cx, cy, r: 5, class: 'corner' }); });
        }
        marks.concat(waitingMark ? [waitingMark] : []).forEach((mark, n) => {
            const [cx, cy] = seen(mark);
            shape('circle', { cx, cy, r: 8, class: 'mark' });
            shape('text', { x: cx + 10, y: cy + 5, class: 'zone-label' }).textContent = n + 1;
        });
        list();
    }

    // ------------------------------------------------------------ the list and the chosen zone

    const titleOf = (zone) => (document.documentElement.lang.startsWith('ko') ? zone.names.ko : zone.names.en) || zone.names[''] || zone.code;

    function list() {
        byId('zones').replaceChildren(...zones.map((zone, index) => {
            const row = document.createElement('li');
            const button = document.createElement('button');
            button.type = 'button';
            button.textContent = `${titleOf(zone)} (${words[`kind_${zone.kind}`]})`;
            if (index === chosen) { button.setAttribute('aria-current', 'true'); }
            button.addEventListener('click', () => choose(index));
            row.append(button);
            return row;
        }));
    }

    function choose(index) {
        chosen = index;
        const form = byId('chosen');
        form.hidden = index === null || !mayDraw;
        if (index !== null && mayDraw) { fill(form, zones[index]); }
        draw();
    }

    function fill(form, zone) {
        form.elements.code.value = zone.code;
        form.elements.ko.value = zone.names.ko || '';
        form.elements.en.value = zone.names.en || '';
        const rules = byId('rules');
        rules.hidden = zone.kind !== 'area';
        rules.querySelectorAll('label').forEach((label) => label.remove());
        Object.entries(drawing.watched_for).forEach(([kind, usual]) => rules.append(ruleOf(zone, kind, usual)));
    }

    function ruleOf(zone, kind, usual) {
        const label = document.createElement('label');
        const box = document.createElement('input');
        const held = () => zone.rules.find((rule) => rule.kind === kind);
        box.type = 'checkbox';
        box.checked = Boolean(held());
        box.addEventListener('change', () => {
            zone.rules = zone.rules.filter((rule) => rule.kind !== kind);
            if (box.checked) { zone.rules.push({ kind, ...settingsOf(zone, kind, usual) }); }
            choose(chosen);
        });
        label.append(box, drawing.labels[kind] || kind);
        const rule = held();
        if (rule && typeof usual.after_s === 'number') { label.append(secondsOf(rule, usual)); }
        return label;
    }

    function settingsOf(zone, kind, usual) {
        if (kind !== 'wrong_way') { return {}; }
        const mean = (n) => zone.points.reduce((sum, point) => sum + point[n], 0) / zone.points.length;
        const [x, y] = [mean(0), mean(1)];
        return { arrow: [[x, Math.max(0, y - 0.08)], [x, Math.min(1, y + 0.08)]] };
    }

    function secondsOf(rule, usual) {
        const field = document.createElement('input');
        Object.assign(field, { type: 'number', min: 0, max: 3600, step: 0.5, value: rule.after_s ?? usual.after_s });
        field.style.width = '5rem';
        field.addEventListener('change', () => { rule.after_s = Number(field.value); });
        const wrap = document.createElement('span');
        wrap.append(field, ' s');
        return wrap;
    }

    // ------------------------------------------------------------ drawing

    const CORNERS = { bay: 4, row: 4, line: 2 };

    const freeCode = (kind) => {
        let n = zones.length + 1;
        while (zones.some((zone) => zone.code === `${kind}-${n}`)) { n += 1; }
        return `${kind}-${n}`;
    };

    function add(kind, points) {
        zones.push({ code: freeCode(kind), kind, points, names: {}, rules: [] });
        return zones.length - 1;
    }

    /** Cuts a row into bays across its long side. */
    function addRow([a, b, c, d], count) {
        const between = (p, q, t) => [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];
        for (let n = 0; n < count; n += 1) {
            const [from, to] = [n / count, (n + 1) / count];
            add('bay', [between(a, b, from), between(a, b, to), between(d, c, to), between(d, c, from)]);
        }
    }

    function finish() {
        const points = draft;
        draft = [];
        if (tool === 'row') {
            addRow(points, Math.min(60, Math.max(1, Number(byId('row-count').value) || 1)));
            draw();
        } else {
            choose(add(tool, points));
        }
    }

    svg.addEventListener('click', (event) => {
        if (!mayDraw) { return; }
        if (tool === 'select') { choose(null); return; }
        const point = pointOf(event);
        if (tool === 'mark') { waitingMark = point; draw(); return; }
        if (event.detail > 1) { return; }
        draft.push(point);
        if (draft.length === CORNERS[tool]) { finish(); } else { draw(); }
    });
    const endArea = () => { if (tool === 'area' && draft.length >= 3) { finish(); } };
    svg.addEventListener('dblclick', endArea);
    svg.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') { endArea(); }
        if (event.key === 'Escape') { draft = []; waitingMark = null; draw(); }
    });

    function useTool(name) {
        tool = name;
        draft = [];
        waitingMark = null;
        document.querySelectorAll('[data-tool]').forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.tool === name)));
        byId('hint').textContent = words[name] || '';
        draw();
    }

    // ------------------------------------------------------------ the map

    let drawSpots = () => {};

    function openMap(holder) {
        const spots = new ol.source.Vector();
        const style = (n) => new ol.style.Style({
            image: new ol.style.Circle({ radius: 7, fill: new ol.style.Fill({ color: '#dc2626' }), stroke: new ol.style.Stroke({ color: '#fff', width: 2 }) }),
            text: new ol.style.Text({ text: String(n + 1), offsetX: 13, font: '13px sans-serif', fill: new ol.style.Fill({ color: '#111' }), stroke: new ol.style.Stroke({ color: '#fff', width: 3 }) }),
        });
        drawSpots = () => {
            spots.clear();
            marks.forEach((mark, n) => {
                const spot = new ol.Feature(new ol.geom.Point(ol.proj.fromLonLat([mark[2], mark[3]])));
                spot.setStyle(style(n));
                spots.addFeature(spot);
            });
        };
        const centre = ol.proj.fromLonLat([Number(holder.dataset.lon), Number(holder.dataset.lat)]);
        const map = new ol.Map({
            target: holder,
            layers: [cityBaseLayer(), new ol.layer.Vector({ source: spots })],
            view: new ol.View({ center: centre, zoom: 18.5 }),
        });
        drawSpots();
        if (marks.length) {
            const size = [holder.clientWidth || 400, holder.clientHeight || 320];
            map.getView().fit(spots.getExtent(), { size, padding: [50, 50, 50, 50], maxZoom: 20 });
        }
        map.on('click', (event) => {
            if (tool !== 'mark' || !waitingMark) { return; }
            const [lon, lat] = ol.proj.toLonLat(event.coordinate);
            marks.push([...waitingMark, Number(lon.toFixed(7)), Number(lat.toFixed(7))]);
            waitingMark = null;
            drawSpots();
            draw();
        });
    }

    // ------------------------------------------------------------ the doors

    const headers = () => ({ 'X-CSRFToken': byId('csrf').value, 'Content-Type': 'application/json' });
    const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

    async function look() {
        say(words.asking);
        const asked = await fetch(drawing.urls.want, { method: 'POST', headers: headers() });
        for (let tries = 0; asked.ok && tries < 20; tries += 1) {
            await wait(400);
            const answer = await fetch(drawing.urls.still, { cache: 'no-store' });
            if (answer.status === 200) { await show(await answer.blob()); say(words.seen); return; }
        }
        say(words.none);
    }

    async function show(blob) {
        const bitmap = await createImageBitmap(blob);
        aspect = bitmap.width / bitmap.height;
        if (image) { URL.revokeObjectURL(image); }
        image = URL.createObjectURL(blob);
        draw();
    }

    async function save() {
        const body = JSON.stringify({ zones, marks, aspect });
        const answer = await fetch(drawing.urls.draw, { method: 'POST', headers: headers(), body });
        const told = await answer.json().catch(() => ({ errors: { '': answer.statusText } }));
        if (answer.ok) { say(words.saved); return; }
        say(`${words.refused} ${Object.entries(told.errors).map(([name, text]) => `${name} ${text}`).join(' · ')}`);
    }

    byId('look').addEventListener('click', look);
    if (mayDraw) {
        document.querySelectorAll('[data-tool]').forEach((button) => button.addEventListener('click', () => useTool(button.dataset.tool)));
        byId('save').addEventListener('click', save);
        byId('undo').addEventListener('click', () => {
            if (draft.length) { draft.pop(); } else if (tool === 'mark') { marks.pop(); drawSpots(); } else { zones.pop(); choose(null); }
            draw();
        });
        byId('remove').addEventListener('click', () => { zones.splice(chosen, 1); choose(null); });
        byId('chosen').addEventListener('input', ({ target, currentTarget }) => {
            const zone = zones[chosen];
            if (!zone || !target.name) { return; }
            if (target.name === 'code') { zone.code = target.value; } else { zone.names = { ...zone.names, [target.name]: target.value }; }
            void currentTarget;
            list();
        });
        byId('chosen').addEventListener('submit', (event) => event.preventDefault());
    }
    useTool('select');
    look();
    openMap(byId('camera-map'));
})();
