'use strict';

/** Reads previews aloud with the browser's own voice, and keeps the delivery board up to date. */
document.addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('.alert-desk .aloud')) {
        button.addEventListener('click', () => {
            const speech = new SpeechSynthesisUtterance(button.dataset.speech);
            speech.lang = button.dataset.language;
            speechSynthesis.cancel();
            speechSynthesis.speak(speech);
        });
    }
    const board = document.querySelector('.alert-desk .board');
    if (board) {
        const shown = new Board(board);
        shown.refresh();
        setInterval(() => shown.refresh(), 2000);
    }
});

const STALLED_AFTER_MS = 20000;

/** The delivery board: numbers, and one sentence that says what they mean. */
class Board {
    constructor(place) {
        this.place = place;
        this.written = new Intl.NumberFormat(place.lang);
        this.movedAt = Date.now();
        this.waiting = -1;
    }

    async refresh() {
        try {
            const answer = await fetch(this.place.dataset.url, { headers: { Accept: 'application/json' } });
            if (!answer.ok || answer.redirected) { throw new Error(answer.statusText); }
            this.show(await answer.json());
        } catch {
            this.say('away');
        }
    }

    show(numbers) {
        for (const cell of this.place.querySelectorAll('[data-number]')) {
            cell.textContent = this.written.format(numbers[cell.dataset.number]);
        }
        const bar = this.place.querySelector('progress');
        bar.max = numbers.planned || 1;
        bar.value = numbers.planned - numbers.waiting;
        for (const box of this.place.querySelectorAll('.failures')) {
            box.classList.toggle('some', numbers[box.querySelector('dd').dataset.number] > 0);
        }
        this.place.querySelector('.ways tbody').replaceChildren(...numbers.ways.map((way) => this.row(way)));
        this.place.querySelector('.reasons').replaceChildren(...numbers.reasons.map((one) => this.line(one)));
        this.place.querySelector('time').textContent = new Date().toLocaleTimeString(this.place.lang);
        this.say(this.meaning(numbers));
    }

    meaning({ planned, waiting, stopped }) {
        if (waiting !== this.waiting) {
            this.waiting = waiting;
            this.movedAt = Date.now();
        }
        if (!planned) { return 'nobody'; }
        if (!waiting) { return stopped ? 'stopped' : 'done'; }
        return Date.now() - this.movedAt > STALLED_AFTER_MS ? 'stalled' : 'going';
    }

    /** Screen readers hear the sentence when it changes, not every number. */
    say(state) {
        const sentence = this.place.querySelector('.sentence');
        if (sentence.dataset.state === state) { return; }
        sentence.dataset.state = state;
        sentence.textContent = sentence.dataset[state];
    }

    row(way) {
        const row = document.createElement('tr');
        const name = document.createElement('th');
        name.scope = 'row';
        name.textContent = way.name;
        row.append(name);
        for (const number of ['planned', 'accepted', 'failed']) {
            row.insertCell().textContent = this.written.format(way[number]);
        }
        return row;
    }

    line({ reason, count }) {
        const line = document.createElement('li');
        line.textContent = `${this.written.format(count)} × ${reason}`;
        return line;
    }
}
