import '@/app.css';

import { mount } from 'svelte';

import App from '@/App.svelte';
import { city } from '@/shell/city.svelte';
import { link } from '@/live/link.svelte';
import { install } from '@/shell/update.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');

void city.load();
link.start();
mount(App, { target });
if (import.meta.env.PROD) void install();
