/**
 * Where in the app we are, as the part of the address after "#": it works on any server, offline,
 * and as a link that can be passed on.
 */
import type { Position } from '@/shell/position';

export type Route =
  | { area: 'map'; place?: Position & { name: string } }
  | { area: 'ways'; place?: Position & { name: string } }
  | ParkingRoute
  | { area: 'rides'; ride?: string; screen?: 'drive' }
  | { area: 'reports'; report?: string }
  | { area: 'chat' }
  | { area: 'me' };

/** A list, a site, booking there; or one of the person's own pages. */
export interface ParkingRoute {
  area: 'parking';
  site?: string;
  step?: 'book';
  page?: 'bookings' | 'lend';
}

export type Area = Route['area'];

const HOME: Route = { area: 'map' };

export function parseRoute(hash: string): Route {
  const [area, ...rest] = hash.replace(/^#\/?/, '').split('/').map(decode);
  switch (area) {
    case 'parking':
      return parseParking(rest);
    case 'bookings':
    case 'lend':
      return { area: 'parking', page: area };
    case 'rides':
      if (rest[0] === 'drive') return { area, screen: 'drive' };
      return rest[0] ? { area, ride: rest[0] } : { area };
    case 'reports':
      return rest[0] ? { area, report: rest[0] } : { area };
    case 'near':
      return parsePlace(rest);
    case 'ways':
      return parseWays(rest);
    case 'chat':
    case 'me':
      return { area };
    default:
      return HOME;
  }
}

export function formatRoute(route: Route): string {
  if (route.area === 'parking') return formatParking(route);
  if (route.area === 'rides') return formatRides(route);
  if (route.area === 'reports')
    return route.report ? `#/reports/${encode(route.report)}` : '#/reports';
  if (route.area === 'me' || route.area === 'chat') return `#/${route.area}`;
  if (route.area === 'ways') return route.place ? `#/ways/${formatPlace(route.place)}` : '#/ways';
  return route.place ? `#/near/${formatPlace(route.place)}` : '#/';
}

const formatPlace = ({ lat, lon, name }: Position & { name: string }): string =>
  `${lat.toFixed(5)},${lon.toFixed(5)}/${encode(name)}`;

function parseWays(rest: string[]): Route {
  const found = rest[0] ? parsePlace(rest) : HOME;
  return found.area === 'map' && found.place
    ? { area: 'ways', place: found.place }
    : { area: 'ways' };
}

function parseParking([site, step]: string[]): Route {
  if (!site) return { area: 'parking' };
  return step === 'book' ? { area: 'parking', site, step } : { area: 'parking', site };
}

function formatParking({ site, step, page }: ParkingRoute): string {
  if (page) return `#/${page}`;
  if (!site) return '#/parking';
  return `#/parking/${encode(site)}${step ? `/${step}` : ''}`;
}

function formatRides({ ride, screen }: Extract<Route, { area: 'rides' }>): string {
  if (screen) return `#/rides/${screen}`;
  return ride ? `#/rides/${encode(ride)}` : '#/rides';
}

function parsePlace([where = '', name = '']: string[]): Route {
  const [lat, lon] = where.split(',').map(Number);
  const isPlace = Math.abs(lat ?? NaN) <= 90 && Math.abs(lon ?? NaN) <= 180;
  return isPlace ? { area: 'map', place: { lat: lat!, lon: lon!, name } } : HOME;
}

const encode = (text: string): string => encodeURIComponent(text);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
