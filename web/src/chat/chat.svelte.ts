/** The conversation with the city's assistant: one socket, resumed by a token, nothing sent twice. */
import { session } from '@/account/session.svelte';
import { inOrder, stillAsked, type Said, type Turn, type Waiting } from '@/chat/talk';
import { i18n } from '@/i18n/i18n.svelte';
import { backoffMs } from '@/live/backoff';
import { announcer } from '@/shell/announcer.svelte';
import { recall, remember } from '@/shell/memory';

const KEY = 'chat';
const OPEN = 1;
const TAKEN_WITHIN_MS = 8_000;

type Message =
  | { type: 'opened'; token: string }
  | { type: 'snapshot' | 'delta'; rows: Turn[] }
  | { type: 'taken'; id: string }
  | { type: 'problem'; problem: { detail: string; status: number }; id?: string };

class Chat {
  turns: Turn[] = $state.raw([]);
  waiting: Waiting[] = $state.raw([]);
  trouble = $state('');
  isOpen = $state(false);
  /** The city has the message and has not answered yet. */
  isThinking = $state(false);
  readonly asked = $derived(stillAsked(this.turns));
  readonly buttons = $derived(this.asked.flatMap((turn) => turn.buttons));
  readonly asksPlace = $derived(this.asked.some((turn) => turn.ask_location));

  private readonly rows = new Map<string, Turn>();
  private socket: WebSocket | undefined;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private impatience: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    if (!this.socket) this.connect();
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.impatience);
    this.drop();
  }

  say(said: Said, shown: string): void {
    this.trouble = '';
    this.waiting = [...this.waiting, { ...said, id: crypto.randomUUID(), shown }];
    this.isThinking = true;
    this.sendWaiting();
  }

  private connect(): void {
    const protocols =
      session.isOpen && session.token ? ['citizen', `session.${session.token}`] : [];
    const address = `${location.origin.replace(/^http/, 'ws')}/ws/assistant/chat/`;
    const socket = new WebSocket(address, protocols);
    this.socket = socket;
    socket.onopen = () =>
      this.send({ open: { token: (recall(KEY) as string | null) ?? '', language: i18n.locale } });
    socket.onmessage = (event: MessageEvent<string>) =>
      this.hear(JSON.parse(event.data) as Message);
    socket.onclose = () => this.again();
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    this.isOpen = false;
    if (!socket) return;
    socket.onclose = socket.onmessage = null;
    socket.close();
  }

  private again(): void {
    this.drop();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), backoffMs(this.attempt++));
  }

  private hear(message: Message): void {
    switch (message.type) {
      case 'opened':
        remember(KEY, message.token);
        break;
      case 'snapshot':
        this.attempt = 0;
        this.isOpen = true;
        this.take(message.rows);
        this.sendWaiting();
        break;
      case 'delta':
        this.take(message.rows);
        this.tell(message.rows);
        break;
      case 'taken':
        this.settle(message.id);
        break;
      case 'problem':
        this.trouble = message.problem.detail;
        announcer.say(this.trouble);
        this.isThinking = false;
        if (message.id) this.settle(message.id);
    }
  }

  private take(rows: readonly Turn[]): void {
    for (const row of rows) this.rows.set(String(row.id), row);
    this.turns = inOrder(this.rows.values());
    const last = this.turns.at(-1);
    if (last && last.side !== 'citizen') this.isThinking = false;
  }

  /** What the city says is read out; one's own words are not. */
  private tell(rows: readonly Turn[]): void {
    const said = rows.filter((row) => row.side !== 'citizen').map((row) => row.text);
    if (said.length > 0) announcer.say(said.join(' '));
  }

  private settle(id: string): void {
    this.waiting = this.waiting.filter((one) => one.id !== id);
    if (this.waiting.length === 0) clearTimeout(this.impatience);
  }

  /** Everything not yet taken, again under its own id: the city answers each once. */
  private sendWaiting(): void {
    if (!this.isOpen || this.waiting.length === 0) return;
    for (const { shown: _, ...told } of this.waiting) this.send(told);
    clearTimeout(this.impatience);
    this.impatience = setTimeout(() => this.again(), TAKEN_WITHIN_MS);
  }

  private send(told: object): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(told));
  }
}

export const chat = new Chat();
