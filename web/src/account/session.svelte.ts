/** The session token of the signed-in person. Anonymous use works everywhere without. */
import { recall, remember } from '@/shell/memory';

const KEY = 'session';

class Session {
  token: string | undefined = $state((recall(KEY) as string | null) ?? undefined);
  /** False while the token only stands for a sign-in that waits for its code. */
  isOpen = $state(recall(KEY) !== null);

  /** The token of a sign-in under way: forgotten with the page. */
  hold(token: string): void {
    this.token = token;
  }

  /** The person is in. */
  open(): void {
    this.isOpen = true;
    remember(KEY, this.token);
  }

  forget(): void {
    this.token = undefined;
    this.isOpen = false;
    remember(KEY, null);
  }
}

export const session = new Session();
