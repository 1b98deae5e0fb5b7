/** The app's own client. */
import { session } from '@/account/session.svelte';
import { ApiClient } from '@/api/client';
import { i18n } from '@/i18n/i18n.svelte';

export const api = new ApiClient({
  language: () => i18n.locale,
  sessionToken: () => session.token,
  fetch: (input, init) => fetch(input, init),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});
