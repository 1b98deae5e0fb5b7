/**
 * The one way to the public API: JSON in and out, problems as exceptions, patience where the
 * server asks for it (503 or 429 with Retry-After).
 */
import { ApiProblem, readProblem, Unreachable } from '@/api/problem';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call {
  method?: Method;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  /** Files; the browser writes the head of such a message itself. */
  form?: FormData;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Makes a command safe to repeat: the server carries it out once. */
  commandKey?: string;
}

export interface Settings {
  language(): string;
  sessionToken(): string | undefined;
  fetch: typeof fetch;
  wait(milliseconds: number): Promise<void>;
}

const TRIES = 3;
const LONGEST_WAIT_S = 15;
const MAY_PASS = new Set([429, 503]);

export class ApiClient {
  constructor(private readonly settings: Settings) {}

  async json<T>(path: string, call: Call = {}): Promise<T> {
    const response = await this.send(path, call);
    if (!response.ok) throw await readProblem(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async blob(path: string, call: Call = {}): Promise<Blob> {
    const response = await this.send(path, call);
    if (!response.ok) throw await readProblem(response);
    return response.blob();
  }

  /** The response as it is, after patience: for the few doors that speak by status. */
  async send(path: string, call: Call = {}): Promise<Response> {
    for (let tried = 1; ; tried++) {
      const response = await this.once(path, call);
      const waitS = Number(response.headers.get('Retry-After') ?? NaN);
      const again = MAY_PASS.has(response.status) && isRepeatable(call) && tried < TRIES;
      if (!again || !(waitS <= LONGEST_WAIT_S)) return response;
      await this.settings.wait(waitS * 1000);
      call.signal?.throwIfAborted();
    }
  }

  private async once(path: string, call: Call): Promise<Response> {
    try {
      return await this.settings.fetch(withQuery(path, call.query), this.init(call));
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new Unreachable('no answer', { cause: error });
    }
  }

  private init(call: Call): RequestInit {
    const headers = new Headers({
      ...call.headers,
      Accept: 'application/json',
      'Accept-Language': this.settings.language(),
    });
    const token = this.settings.sessionToken();
    if (token) headers.set('X-Session-Token', token);
    if (call.commandKey) headers.set('Idempotency-Key', call.commandKey);
    const init: RequestInit = { method: call.method ?? 'GET', headers, credentials: 'omit' };
    if (call.signal) init.signal = call.signal;
    if (call.form) return { ...init, body: call.form };
    if (call.body === undefined) return init;
    headers.set('Content-Type', 'application/json');
    return { ...init, body: JSON.stringify(call.body) };
  }
}

function isRepeatable(call: Call): boolean {
  return (call.method ?? 'GET') !== 'POST' || call.commandKey !== undefined;
}

function withQuery(path: string, query: Call['query']): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return path;
  return `${path}?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}

/** Is this the person's business (a problem to show), or ours? */
export function sentenceFor(error: unknown, words: { offline: string; unknown: string }): string {
  if (error instanceof Unreachable) return words.offline;
  if (error instanceof ApiProblem && error.message) return error.message;
  return words.unknown;
}
