import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

import { serviceWorker } from './build/service-worker-plugin.ts';

const API = process.env['CITIZEN_PUBLIC_URL'] ?? 'http://localhost:8000';
const proxied = ['/api', '/_allauth', '/tiles', '/health'];

export default defineConfig({
  base: '/',
  plugins: [svelte(), serviceWorker()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // The map is a big chunk of its own, loaded after everything else stands.
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      ...Object.fromEntries(proxied.map((path) => [path, API])),
      '/ws': { target: API, ws: true },
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
