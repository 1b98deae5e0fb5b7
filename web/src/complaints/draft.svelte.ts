/** The place of the report that is being written, and what is known around: the map shows both. */
import type { Complaint } from '@/complaints/complaint';
import type { Position } from '@/shell/position';

class Draft {
  position: Position | undefined = $state.raw();
  around: readonly Complaint[] = $state.raw([]);

  place(at: Position | undefined): void {
    this.position = at;
  }
}

export const draft = new Draft();
