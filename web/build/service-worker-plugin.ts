/**
 * Builds src/service-worker into /sw.js and tells it what the app's shell is made of.
 *
 * The shell is the entry, what it imports at once, its styles, and the files of public/. Chunks
 * that are loaded later (the map) are not fetched before somebody wants them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

const SOURCE = 'src/service-worker/worker.ts';
const PLACEHOLDER = '__SHELL__';

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

function reachedAtOnce(bundle: Bundle, name: string, seen: Set<string>): void {
  const file = bundle[name];
  if (seen.has(name) || file?.type !== 'chunk') return;
  seen.add(name);
  for (const style of file.viteMetadata?.importedCss ?? []) seen.add(style);
  for (const next of file.imports) reachedAtOnce(bundle, next, seen);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function shellOf(bundle: Bundle, page: Chunk, publicDir: string) {
  const names = new Set<string>();
  reachedAtOnce(bundle, page.fileName, names);
  const hash = createHash('sha256');
  for (const name of [...names].sort()) hash.update(name);
  hash.update(readFileSync('index.html'));
  const statics = filesUnder(publicDir);
  for (const file of statics) hash.update(readFileSync(file));
  const urls = [
    // Not /index.html: servers redirect it, and a redirected answer may not stand for a page.
    '/',
    ...[...names].sort().map((name) => `/${name}`),
    ...statics.map((file) => `/${relative(publicDir, file)}`),
  ];
  return { version: hash.digest('hex').slice(0, 12), urls };
}

export function serviceWorker(): Plugin {
  let publicDir = 'public';
  return {
    name: 'citizen-service-worker',
    apply: 'build',
    enforce: 'post',
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: 'index.html', sw: SOURCE },
          output: {
            entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
          },
        },
      },
    }),
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const worker = chunks.find((chunk) => chunk.fileName === 'sw.js');
      const page = chunks.find((chunk) => chunk.isEntry && chunk.name === 'index');
      if (!worker || !page) throw new Error('the page or the service worker was not built');
      if (!worker.code.includes(PLACEHOLDER)) throw new Error(`${SOURCE} lost ${PLACEHOLDER}`);
      const shell = JSON.stringify(shellOf(bundle, page, publicDir));
      worker.code = worker.code.replace(PLACEHOLDER, () => shell);
    },
  };
}
