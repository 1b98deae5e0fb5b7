/** What this device remembers: numbers and secrets of reports made without an account. */
import { recall, remember } from '@/shell/memory';

export interface Kept {
  readonly number: string;
  readonly secret: string;
}

const KEY = 'reports';
const MOST = 50;

class KeptReports {
  list: readonly Kept[] = $state.raw((recall(KEY) as Kept[] | null) ?? []);

  keep(report: Kept): void {
    this.list = [report, ...this.list].slice(0, MOST);
    remember(KEY, this.list);
  }

  secretOf(number: string): string | undefined {
    return this.list.find((one) => one.number === number)?.secret;
  }
}

export const kept = new KeptReports();
