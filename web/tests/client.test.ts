import { describe, expect, it } from 'vitest';

import { ApiClient, sentenceFor, type Call } from '@/api/client';
import { ApiProblem, Unreachable } from '@/api/problem';

const WORDS = { offline: 'offline', unknown: 'unknown' };

function clientOf(...answers: (Response | Error)[]) {
  const asked: [url: string, init: RequestInit][] = [];
  const waits: number[] = [];
  const client = new ApiClient({
    language: () => 'ko',
    sessionToken: () => 'token-1',
    fetch: async (url, init) => {
      asked.push([String(url), init!]);
      const answer = answers.shift();
      if (!(answer instanceof Response)) throw answer;
      return answer;
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  return { client, asked, waits };
}

const away = (headers = {}) =>
  new Response('{"status":503}', { status: 503, headers: { 'Retry-After': '2', ...headers } });
const fine = () => Response.json({ free: 3 });

describe('the API client', () => {
  it('says who asks and in which language', async () => {
    const { client, asked } = clientOf(fine());
    expect(await client.json('/api/v1/x', { query: { q: '달빛 역', lat: undefined } })).toEqual({
      free: 3,
    });
    const [url, init] = asked[0]!;
    const headers = new Headers(init.headers);
    expect(url).toBe('/api/v1/x?q=%EB%8B%AC%EB%B9%9B+%EC%97%AD');
    expect(headers.get('Accept-Language')).toBe('ko');
    expect(headers.get('X-Session-Token')).toBe('token-1');
  });

  it('waits as long as a server that is away asks for, then tries again', async () => {
    const { client, waits } = clientOf(away(), away(), fine());
    expect(await client.json('/x')).toEqual({ free: 3 });
    expect(waits).toEqual([2000, 2000]);
  });

  it('gives up after three tries', async () => {
    const { client, asked } = clientOf(away(), away(), away());
    await expect(client.json('/x')).rejects.toBeInstanceOf(ApiProblem);
    expect(asked).toHaveLength(3);
  });

  it('does not wait for minutes', async () => {
    const { client, waits } = clientOf(away({ 'Retry-After': '600' }));
    await expect(client.json('/x')).rejects.toBeInstanceOf(ApiProblem);
    expect(waits).toEqual([]);
  });

  it.each<[string, Call, number]>([
    ['a command without a key once', { method: 'POST', body: {} }, 1],
    ['a command with a key again', { method: 'POST', body: {}, commandKey: 'k' }, 2],
  ])('sends %s', async (_name, call, times) => {
    const { client, asked } = clientOf(away(), fine());
    await client.json('/x', call).catch(() => undefined);
    expect(asked).toHaveLength(times);
  });

  it('carries a problem document to the person and to the field at fault', async () => {
    const body = {
      type: '/problems/invalid',
      title: 'Not right.',
      status: 400,
      detail: '이메일이 아닙니다.',
      errors: [{ field: 'email', detail: '@가 없습니다.' }],
    };
    const { client } = clientOf(Response.json(body, { status: 400 }));
    const problem = await client.json('/x').catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect((problem as ApiProblem).kind).toBe('invalid');
    expect((problem as ApiProblem).fieldError('email')).toBe('@가 없습니다.');
    expect(sentenceFor(problem, WORDS)).toBe('이메일이 아닙니다.');
  });

  it('makes do with an answer that is no problem document', async () => {
    const { client } = clientOf(new Response('<h1>Bad Gateway</h1>', { status: 502 }));
    const problem = await client.json('/x').catch((error: unknown) => error);
    expect((problem as ApiProblem).status).toBe(502);
    expect(sentenceFor(problem, WORDS)).toBe('unknown');
  });

  it('tells no answer from a bad one', async () => {
    const { client } = clientOf(new TypeError('Failed to fetch'));
    const error = await client.json('/x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Unreachable);
    expect(sentenceFor(error, WORDS)).toBe('offline');
  });
});
