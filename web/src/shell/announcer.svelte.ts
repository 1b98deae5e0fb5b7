/** What a screen reader is told without being asked. Sparingly: the last sentence only. */

import { untrack } from 'svelte';

class Announcer {
  sentence = $state('');

  say(sentence: string): void {
    // The same sentence twice must change the region, or it is not read again.
    const last = untrack(() => this.sentence);
    this.sentence = last === sentence ? `${sentence}\u00a0` : sentence;
  }
}

export const announcer = new Announcer();
