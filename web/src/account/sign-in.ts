/**
 * Sign-in by a code from an e-mail (django-allauth's headless protocol for apps).
 *
 * The server never says whether an address has an account; so neither can we. A step that leads on
 * is answered with 401 and a session token of its own: that is no failure.
 */
import { api } from '@/api/api';
import { ApiProblem } from '@/api/problem';
import { session } from '@/account/session.svelte';
import type { Call } from '@/api/client';

const BASE = '/_allauth/app/v1';

export type Way = 'sign-in' | 'sign-up';

interface Answer {
  readonly status: number;
  readonly data?: { user?: { email?: string } };
  readonly meta?: { session_token?: string; is_authenticated?: boolean };
  readonly errors?: readonly { code: string; message: string; param?: string }[];
}

export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function ask(path: string, call: Call): Promise<Answer> {
  const response = await api.send(BASE + path, call);
  const answer = (await response.json()) as Answer;
  if (answer.meta?.session_token) session.hold(answer.meta.session_token);
  if (response.status === 410) session.forget();
  const [error] = answer.errors ?? [];
  if (error) throw new Refused(error.code, error.message);
  if (response.status >= 402) {
    const blank = { type: '', title: '', detail: '', status: response.status };
    throw new ApiProblem(blank);
  }
  return answer;
}

/** Have a code sent. From here on the session waits for it. */
export async function sendCode(way: Way, email: string): Promise<void> {
  session.forget();
  const path = way === 'sign-in' ? '/auth/code/request' : '/auth/signup';
  await ask(path, { method: 'POST', body: { email } });
}

/** True once the code was right and the session is the person's. */
export async function confirmCode(way: Way, code: string): Promise<boolean> {
  const answer =
    way === 'sign-in'
      ? await ask('/auth/code/confirm', { method: 'POST', body: { code } })
      : await ask('/auth/email/verify', { method: 'POST', body: { key: code } });
  const isIn = answer.meta?.is_authenticated === true;
  if (isIn) session.open();
  return isIn;
}

/** Whose session this is; undefined if nobody's (any more). */
export async function whoAmI(): Promise<string | undefined> {
  const answer = await ask('/auth/session', {});
  return answer.meta?.is_authenticated ? answer.data?.user?.email : undefined;
}

export async function signOut(): Promise<void> {
  try {
    await ask('/auth/session', { method: 'DELETE' });
  } finally {
    session.forget();
  }
}
