/** A chance in whole percent, never 0 or 100: nobody knows that much of what is to come. */
export const inPercent = (chance: number): number =>
  Math.min(99, Math.max(1, Math.round(chance * 100)));
