/**
 * What a driver has to say, kept until the city has heard it: in order, each once, also through a
 * tunnel or a restart. What the city refuses is told and let go, or nothing behind it would pass.
 */
import { ApiProblem } from '@/api/problem';

export interface Letter {
  readonly key: string;
  readonly shift: string;
  readonly body: { readonly subject: string; readonly act: string; readonly at: string };
}

export interface Post {
  send(letter: Letter): Promise<void>;
  recall(): Letter[];
  remember(letters: readonly Letter[]): void;
  onChange(waiting: readonly Letter[], refused: string): void;
}

const MAY_PASS = new Set([401, 429, 503]);

export class Outbox {
  private waiting: Letter[];
  private isSending = false;

  constructor(private readonly post: Post) {
    this.waiting = post.recall();
  }

  get count(): number {
    return this.waiting.length;
  }

  put(letter: Letter): Promise<void> {
    this.waiting.push(letter);
    this.keep('');
    return this.flush();
  }

  /** Send what waits, the oldest first; stop where there is no network. */
  async flush(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      while (this.waiting.length > 0) {
        const refused = await this.deliver(this.waiting[0]!);
        if (refused === undefined) return;
        this.waiting.shift();
        this.keep(refused);
      }
    } finally {
      this.isSending = false;
    }
  }

  /** '' if it was taken, the refusal's words if not, undefined if nobody could be reached. */
  private async deliver(letter: Letter): Promise<string | undefined> {
    try {
      await this.post.send(letter);
      return '';
    } catch (error) {
      if (error instanceof ApiProblem && !MAY_PASS.has(error.status)) return error.message || '?';
      return undefined;
    }
  }

  private keep(refused: string): void {
    this.post.remember(this.waiting);
    this.post.onChange([...this.waiting], refused);
  }
}
