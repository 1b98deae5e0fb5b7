/** What the person set up in their system, followed while it changes. */

class Prefers {
  dark = $state(false);
  /** Less motion, please. */
  calm = $state(false);
  /** Room for panel and map side by side. */
  wide = $state(false);

  constructor() {
    follow('(prefers-color-scheme: dark)', (is) => (this.dark = is));
    follow('(prefers-reduced-motion: reduce)', (is) => (this.calm = is));
    follow('(min-width: 48rem)', (is) => (this.wide = is));
  }
}

function follow(query: string, tell: (matches: boolean) => void): void {
  const list = matchMedia(query);
  tell(list.matches);
  list.addEventListener('change', () => tell(list.matches));
}

export const prefers = new Prefers();
