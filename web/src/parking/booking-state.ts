/** What a booking can be, and what can be done with it then. */
export type BookingState =
  'held' | 'confirmed' | 'active' | 'completed' | 'no_show' | 'cancelled' | 'expired';

interface WithState {
  readonly state: BookingState;
}

const PRESENT = new Set<BookingState>(['held', 'confirmed', 'active']);
export const isPresent = (booking: WithState): boolean => PRESENT.has(booking.state);
export const canExtend = ({ state }: WithState): boolean =>
  state === 'confirmed' || state === 'active';
export const canCancel = ({ state }: WithState): boolean =>
  state === 'held' || state === 'confirmed';
