/**
 * A push becomes a notification, once for each version of a thing however often it arrives: the same
 * tag replaces, a version not newer than the one shown is dropped. Knows no browser; the worker
 * brings what is kept and how to show it.
 */
export interface Push {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly version: number;
  readonly telling: string;
  readonly critical: boolean;
  readonly language: string;
  readonly link: string;
}

/** The version last shown under each tag; it outlives the worker. */
export interface Seen {
  last(tag: string): Promise<number>;
  note(tag: string, version: number): Promise<void>;
}

const turns = new Map<string, Promise<unknown>>();

/** Whether it was shown. Pushes of one tag take turns: two that arrive at once aren't both news. */
export function showOnce(
  push: Push,
  seen: Seen,
  show: (push: Push) => Promise<void>,
): Promise<boolean> {
  const turn = (turns.get(push.tag) ?? Promise.resolve()).then(() => showNews(push, seen, show));
  turns.set(
    push.tag,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Noted after it is shown: a worker that is ended in between shows it again rather than never. */
async function showNews(
  push: Push,
  seen: Seen,
  show: (push: Push) => Promise<void>,
): Promise<boolean> {
  if (push.version <= (await seen.last(push.tag))) return false;
  await show(push);
  await seen.note(push.tag, push.version);
  return true;
}
