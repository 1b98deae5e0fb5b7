/** All public alerts, live. */
import type { Alert } from '@/alerts/alert';
import { link } from '@/live/link.svelte';

export const alerts = link.follow<Alert>('alerts.active:all');
