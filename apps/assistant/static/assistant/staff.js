// Reads along: what was said since is asked for every other second, while the page is in view.
const list = document.getElementById('turns');

async function readAlong() {
  if (!list || document.hidden) return;
  const answer = await fetch(list.dataset.url);
  if (!answer.ok) return;
  const talk = await answer.json();
  if (String(talk.count) === list.dataset.count) return;
  list.dataset.count = talk.count;
  list.innerHTML = talk.html; // rendered and escaped by our own server
  list.scrollTop = list.scrollHeight;
}

if (list) {
  list.scrollTop = list.scrollHeight;
  setInterval(readAlong, 2000);
}
