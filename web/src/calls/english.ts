/** English of calls by the microphone. */
export const calls = {
  title: 'Call the city',
  lead: 'Speak with the city as on the telephone: with your voice, or with the keys.',
  start: 'Call',
  hangUp: 'Hang up',
  keys: 'Keys',
  keyNames: {
    '*': 'Star: one step back',
    '#': 'Hash: finished, or hear it again',
    '0': 'Zero: a person',
  } as Record<string, string>,
  consent: 'What you say is recorded and kept for a while. The keys alone record nothing.',
  link: 'Call instead',
  states: {
    asking: 'Connecting…',
    talking: 'You are connected.',
    denied: 'The browser may not use the microphone. You can allow it in its settings.',
    failed: 'The call could not be put through. Please try again in a moment.',
    over: 'The call is over.',
  },
};
