export const water = {
  title: 'Water levels',
  flooded: 'Flooded now',
  levels: {
    attention: 'attention level',
    warning: 'warning level',
    alarm: 'alarm level',
    serious: 'serious level',
    plan_flood: 'above the design flood',
  },
  usual: 'as usual',
  notKnown: 'not known at present',
  trends: { rising: 'rising', falling: 'falling' },
  chance: (percent: number) => `${percent} % likely to reach the alarm level soon`,
  deep: (metres: string) => `up to ${metres} deep`,
  unsure: 'not confirmed',
  place: 'Flooded place',
  show: (name: string) => `Show ${name} on the map`,
};
