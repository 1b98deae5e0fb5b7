/** The present route, kept in the address bar. */
import { formatRoute, parseRoute, type Route } from '@/shell/route';

class Navigation {
  route: Route = $state.raw(parseRoute(location.hash));
  private depth = 0;

  constructor() {
    addEventListener('hashchange', () => (this.route = parseRoute(location.hash)));
  }

  go(route: Route): void {
    const hash = formatRoute(route);
    if (hash === formatRoute(this.route)) return;
    this.depth += 1;
    location.hash = hash;
  }

  /** Where we came from, or `otherwise` if the person came here by a link. */
  back(otherwise: Route): void {
    if (this.depth === 0) return this.go(otherwise);
    this.depth -= 1;
    history.back();
  }
}

export const navigation = new Navigation();
