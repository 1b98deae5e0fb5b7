/**
 * This device's registration with the city: what it may be woken by, and the secret that opens it.
 *
 * Kept in this browser, and in a cache that the service worker can read to say what it has shown.
 */
import { api } from '@/api/api';
import { i18n } from '@/i18n/i18n.svelte';
import { here } from '@/shell/here.svelte';
import { recall, remember } from '@/shell/memory';

interface Kept {
  code: string;
  secret: string;
  woken: boolean;
}

interface Registered {
  registration: { code: string };
  secret: string;
}

const KEY = 'registration';
export const REGISTRATION_CACHE = 'registration';

class Device {
  private kept: Kept | null = $state((recall(KEY) as Kept | null) ?? null);
  readonly isWoken = $derived(this.kept?.woken ?? false);

  /** The registration, made now if there is none: one that only listens while the app is open. */
  async ensure(): Promise<Kept> {
    return this.kept ?? this.register('live', crypto.randomUUID());
  }

  /** Subscribe to Web Push and register for it. Throws what the browser or the city refuses. */
  async beWoken(): Promise<void> {
    const worker = await navigator.serviceWorker.ready;
    const { key } = await api.json<{ key: string }>('/api/v1/notify/web-push-key');
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key,
    });
    await this.leave();
    await this.register('webpush', JSON.stringify(subscription.toJSON()));
  }

  async leave(): Promise<void> {
    const kept = this.kept;
    if (!kept) return;
    await fetch(`/api/v1/notify/registrations/${kept.code}`, {
      method: 'DELETE',
      headers: { 'X-Registration-Secret': kept.secret },
    });
    await this.keep(null);
  }

  private async register(transport: 'live' | 'webpush', address: string): Promise<Kept> {
    const answer = await api.json<Registered>('/api/v1/notify/registrations', {
      method: 'POST',
      body: { platform: 'web', transport, address, locale: i18n.locale, ...near() },
    });
    const kept = {
      code: answer.registration.code,
      secret: answer.secret,
      woken: transport === 'webpush',
    };
    await this.keep(kept);
    return kept;
  }

  private async keep(kept: Kept | null): Promise<void> {
    this.kept = kept;
    remember(KEY, kept);
    const cache = await caches.open(REGISTRATION_CACHE);
    if (kept) await cache.put('/registration', new Response(JSON.stringify(kept)));
    else await cache.delete('/registration');
  }
}

/** Where about we are, to two decimals of a degree: a kilometre. */
function near(): { near?: string } {
  if (!here.fix) return {};
  return { near: `${here.fix.lon.toFixed(2)},${here.fix.lat.toFixed(2)}` };
}

export const device = new Device();
