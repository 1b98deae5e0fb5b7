/** The map's colours by day and by night: calm ground, so that what is live stands out. */
export interface Palette {
  readonly ground: string;
  readonly built: string;
  readonly industry: string;
  readonly civic: string;
  readonly grass: string;
  readonly park: string;
  readonly wood: string;
  readonly farm: string;
  readonly pitch: string;
  readonly sand: string;
  readonly paved: string;
  readonly parking: string;
  readonly water: string;
  readonly waterLine: string;
  readonly waterText: string;
  readonly building: string;
  readonly buildingCivic: string;
  readonly buildingLine: string;
  readonly road: string;
  readonly roadCasing: string;
  readonly roadMain: string;
  readonly roadMainCasing: string;
  readonly roadMotor: string;
  readonly roadMotorCasing: string;
  readonly path: string;
  readonly steps: string;
  readonly cycle: string;
  readonly rail: string;
  readonly railTie: string;
  readonly barrier: string;
  readonly tree: string;
  readonly district: string;
  readonly text: string;
  readonly textSoft: string;
  readonly textPlace: string;
  readonly halo: string;
}

export const DAY: Palette = {
  ground: '#f5f2ea',
  built: '#f0ece2',
  industry: '#ebe8e6',
  civic: '#f3ecd9',
  grass: '#e2ecd2',
  park: '#d6e8c8',
  wood: '#c8dfbb',
  farm: '#eeecd6',
  pitch: '#cfe5cf',
  sand: '#f3e8c8',
  paved: '#eae6dd',
  parking: '#e8e8ec',
  water: '#b5d8e8',
  waterLine: '#95c3d9',
  waterText: '#2c6683',
  building: '#e1dacd',
  buildingCivic: '#e6d3b8',
  buildingLine: '#cdc4b3',
  road: '#ffffff',
  roadCasing: '#d8d1c2',
  roadMain: '#fff3cf',
  roadMainCasing: '#dcc586',
  roadMotor: '#fbd9a2',
  roadMotorCasing: '#d8a95b',
  path: '#b9a88c',
  steps: '#a5795a',
  cycle: '#8aa7bd',
  rail: '#9a9a9f',
  railTie: '#9a9a9f',
  barrier: '#c4bba9',
  tree: '#a9cb97',
  district: '#b7a9c9',
  text: '#3b3f48',
  textSoft: '#5f6470',
  textPlace: '#4a4460',
  halo: '#fdfbf6',
};

export const NIGHT: Palette = {
  ground: '#151a22',
  built: '#181e27',
  industry: '#1b2029',
  civic: '#1f212b',
  grass: '#182420',
  park: '#17291f',
  wood: '#14281d',
  farm: '#1b2120',
  pitch: '#1a2e26',
  sand: '#2a2820',
  paved: '#1e242e',
  parking: '#1f2631',
  water: '#10293c',
  waterLine: '#1b4059',
  waterText: '#8fc1dd',
  building: '#232b37',
  buildingCivic: '#2f2f38',
  buildingLine: '#313b49',
  road: '#36404f',
  roadCasing: '#0f131a',
  roadMain: '#4a4a4c',
  roadMainCasing: '#11151b',
  roadMotor: '#62543a',
  roadMotorCasing: '#15130f',
  path: '#5d6676',
  steps: '#8a6c55',
  cycle: '#4d6a83',
  rail: '#5b6472',
  railTie: '#5b6472',
  barrier: '#3a4350',
  tree: '#21402d',
  district: '#5b5175',
  text: '#dbe1ea',
  textSoft: '#a4aebd',
  textPlace: '#c9c4de',
  halo: '#10151c',
};
