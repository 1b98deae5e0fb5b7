/** The signed-in person. */
import { session } from '@/account/session.svelte';
import { whoAmI } from '@/account/sign-in';
import { api } from '@/api/api';
import { ApiProblem } from '@/api/problem';
import { i18n, LOCALES, type Locale } from '@/i18n/i18n.svelte';

export interface Person {
  readonly code: string;
  readonly display_name: string;
  readonly locale: string;
}

class Me {
  email = $state('');
  person: Person | undefined = $state.raw();
}

export const me = new Me();

/** False if the session turned out to be over. */
export async function loadMe(): Promise<boolean> {
  const email = await whoAmI();
  if (!email) {
    forgetSession();
    return false;
  }
  me.person = await api.json<Person>('/api/v1/accounts/me');
  me.email = email;
  adoptLocale(me.person.locale);
  return true;
}

/** Somebody who signs in on a new device finds their language there. */
function adoptLocale(locale: string): void {
  if (LOCALES.includes(locale as Locale) && !i18n.isChosen) i18n.choose(locale as Locale);
}

export async function chooseLocale(locale: Locale): Promise<void> {
  i18n.choose(locale);
  if (!me.person) return;
  me.person = await api.json<Person>('/api/v1/accounts/me', { method: 'PATCH', body: { locale } });
}

export function forgetSession(): void {
  session.forget();
  me.email = '';
  me.person = undefined;
}

/** Was it "you are not signed in (any more)"? */
export function isOver(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}
