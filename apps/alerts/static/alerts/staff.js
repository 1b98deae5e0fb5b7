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
        setInterval(() => refresh(board), 2000);
    }
});

async function refresh(board) {
    const answer = await fetch(board.dataset.url, { headers: { Accept: 'application/json' } });
    if (!answer.ok) { return; }
    const numbers = await answer.json();
    for (const cell of board.querySelectorAll('[data-number]')) {
        cell.textContent = numbers[cell.dataset.number];
    }
    const bar = board.querySelector('progress');
    bar.max = numbers.planned;
    bar.value = numbers.accepted;
}
