/** Pins that are elements rather than drawn: the place looked at, the person, a ride's ends. */
import { Marker } from 'maplibre-gl';

import type { RideMark } from '@/rides/on-map.svelte';
import type { Fix } from '@/shell/here.svelte';
import type { Position } from '@/shell/position';

const PIN = `<svg viewBox="0 0 32 42" width="36" height="47" aria-hidden="true">
  <path d="M16 1.5c8 0 14.5 6.2 14.5 14.200C30.5 26 16 40 16 40S1.5 26 1.5 15.700C1.5 7.7 8 1.5 16 1.500Z" fill="var(--moon)" stroke="var(--panel)" stroke-width="2"/>
  <circle cx="16" cy="15.5" r="5.5" fill="var(--panel)"/></svg>`;

export function placePin(at: Position): Marker {
  const element = document.createElement('div');
  element.innerHTML = PIN;
  element.setAttribute('aria-hidden', 'true');
  return new Marker({ element, anchor: 'bottom' }).setLngLat([at.lon, at.lat]);
}

export function youAreHere(fix: Fix, label: string): Marker {
  const element = document.createElement('div');
  element.className = 'you-are-here';
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', label);
  return new Marker({ element }).setLngLat([fix.lon, fix.lat]);
}

/** A stop of a ride, or its van. */
export function rideMark({ kind, at, label }: RideMark): Marker {
  const element = document.createElement('div');
  element.className = `ride-mark ${kind}`;
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', label);
  element.title = label;
  return new Marker({ element }).setLngLat([at.lon, at.lat]);
}
