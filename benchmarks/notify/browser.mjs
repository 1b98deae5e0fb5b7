/**
 * Browsers, as far as a push meets them: the real service worker (dist/sw.js) with caches and a tray
 * of notifications of its own for each phone. What arrives, arrives at once; one in ten workers is
 * ended in between and started anew, as browsers do.
 *
 * Reads {worker, tag, version, taken: how often each phone got it}, says {twice, never}.
 */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import vm from 'node:vm';

const { worker, tag, version, taken } = JSON.parse(await text(process.stdin));
const script = new vm.Script(readFileSync(worker, 'utf8'), { filename: worker });
const PUSH = JSON.stringify({ title: 't', body: 'b', tag, version, telling: 'x', language: 'ko' });

class Caches {
  kept = new Map();

  async open(name) {
    const files = this.kept.get(name) ?? new Map();
    this.kept.set(name, files);
    const keyOf = (request) => String(request.url ?? request);
    return {
      match: async (request) => files.get(keyOf(request))?.clone(),
      put: async (request, response) => void files.set(keyOf(request), response),
    };
  }
}

/** A worker's life: the script is run anew, what is kept and what was shown stays. */
function start(caches, tray) {
  const heard = new Map();
  const scope = {
    caches, Response, Request, URL, Map, Promise, setTimeout, console,
    addEventListener: (name, take) => heard.set(name, take),
    fetch: async () => new Response(),
    location: new URL('https://city.example/sw.js'),
    registration: { showNotification: async (title, options) => void tray.push(options.tag) },
    clients: { claim: async () => {}, matchAll: async () => [] },
  };
  scope.self = scope;
  script.runInContext(vm.createContext(scope));
  return () => {
    const work = [];
    heard.get('push')({
      data: { json: () => JSON.parse(PUSH) },
      waitUntil: (promise) => work.push(promise),
    });
    return Promise.all(work);
  };
}

let twice = 0;
let never = 0;
for (const [phone, times] of taken.entries()) {
  if (times === 1 && phone % 100) continue; // one in a hundred of those that got it once will do
  const [caches, tray] = [new Caches(), []];
  if (phone % 10 === 0) for (let n = 0; n < times; n++) await start(caches, tray)();
  else {
    const push = start(caches, tray);
    await Promise.all(Array.from({ length: times }, push));
  }
  twice += tray.length > 1;
  never += tray.length === 0;
}
if (never) throw new Error(`${never} phones showed nothing`);
process.stdout.write(JSON.stringify({ twice, never }));
