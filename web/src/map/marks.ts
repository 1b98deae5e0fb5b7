/**
 * Marks of car parks on the map, drawn on a canvas as they are needed: number or word, colour and
 * shape together, so that none of the three has to be seen.
 */
import type { State } from '@/parking/site';

export interface Mark {
  readonly how: State;
  readonly text: string;
  /** No longer known to be true: hollow. */
  readonly isOld: boolean;
  readonly isChosen: boolean;
  readonly isDark: boolean;
}

const PREFIX = 'park';
const SEPARATOR = '|';

export const markId = (mark: Mark): string =>
  [
    PREFIX,
    mark.how,
    Number(mark.isOld),
    Number(mark.isChosen),
    Number(mark.isDark),
    mark.text,
  ].join(SEPARATOR);

export function parseMarkId(id: string): Mark | undefined {
  const [prefix, how, isOld, isChosen, isDark, ...text] = id.split(SEPARATOR);
  if (prefix !== PREFIX) return undefined;
  return {
    how: how as State,
    isOld: isOld === '1',
    isChosen: isChosen === '1',
    isDark: isDark === '1',
    text: text.join(SEPARATOR),
  };
}

interface Ink {
  readonly fill: string;
  readonly on: string;
}

const DAY: Record<State, Ink> = {
  free: { fill: '#0a6b5e', on: '#ffffff' },
  few: { fill: '#8a4b00', on: '#ffffff' },
  full: { fill: '#a3211b', on: '#ffffff' },
  closed: { fill: '#565d6b', on: '#ffffff' },
  unknown: { fill: '#565d6b', on: '#ffffff' },
};
const NIGHT: Record<State, Ink> = {
  free: { fill: '#5fd6c0', on: '#082b26' },
  few: { fill: '#f5b95c', on: '#331f00' },
  full: { fill: '#ff9f95', on: '#3d0b08' },
  closed: { fill: '#aab4c3', on: '#1a2029' },
  unknown: { fill: '#aab4c3', on: '#1a2029' },
};

const FONT = "700 14px system-ui, 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif";
const HEIGHT = 28;
const TAIL = 7;
const MARGIN = 5;

export const colourOf = (how: State, isDark: boolean): string => (isDark ? NIGHT : DAY)[how].fill;

export function drawMark(mark: Mark, ratio: number): ImageData {
  const scale = ratio * (mark.isChosen ? 1.3 : 1);
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  pen.font = FONT;
  const bodyWidth = Math.max(36, Math.ceil(pen.measureText(mark.text).width) + 22);
  const [width, height] = [bodyWidth + 2 * MARGIN, HEIGHT + TAIL + 2 * MARGIN];
  pen.canvas.width = Math.ceil(width * scale);
  pen.canvas.height = Math.ceil(height * scale);
  pen.scale(scale, scale);
  paint(pen, mark, bodyWidth);
  return pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);
}

function paint(pen: CanvasRenderingContext2D, mark: Mark, bodyWidth: number): void {
  const ink = (mark.isDark ? NIGHT : DAY)[mark.how];
  const paper = mark.isDark ? '#1a2029' : '#ffffff';
  const isHollow = mark.isOld || mark.how === 'unknown';
  const outline = shapeOf(mark.how, MARGIN, MARGIN, bodyWidth);
  pen.save();
  pen.shadowColor = 'rgb(10 16 32 / 45%)';
  pen.shadowBlur = 4;
  pen.shadowOffsetY = 1;
  pen.fillStyle = isHollow ? paper : ink.fill;
  pen.fill(outline);
  pen.restore();
  pen.lineJoin = 'round';
  pen.lineWidth = isHollow ? 2 : 1.5;
  pen.strokeStyle = isHollow ? ink.fill : paper;
  if (isHollow) pen.setLineDash([4, 2.5]);
  pen.stroke(outline);
  pen.font = FONT;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = isHollow ? ink.fill : ink.on;
  pen.fillText(mark.text, MARGIN + bodyWidth / 2, MARGIN + HEIGHT / 2 + 1);
}

/** Pill: free. Cut corners: few. Square: full or closed. Each with a tail to its place. */
function shapeOf(how: State, x: number, y: number, w: number): Path2D {
  const path = new Path2D();
  const [h, cx, right, bottom] = [HEIGHT, x + w / 2, x + w, y + HEIGHT];
  const r = how === 'free' || how === 'unknown' ? h / 2 : how === 'few' ? 0 : 4;
  const cut = how === 'few' ? 9 : 0;
  path.moveTo(x + r + cut, y);
  if (cut) {
    for (const [px, py] of [
      [right - cut, y],
      [right, y + h / 2],
      [right - cut, bottom],
    ] as const)
      path.lineTo(px, py);
  } else {
    path.arcTo(right, y, right, bottom, r);
    path.arcTo(right, bottom, x, bottom, r);
  }
  path.lineTo(cx + TAIL, bottom);
  path.lineTo(cx, bottom + TAIL);
  path.lineTo(cx - TAIL, bottom);
  if (cut) {
    path.lineTo(x + cut, bottom);
    path.lineTo(x, y + h / 2);
  } else {
    path.arcTo(x, bottom, x, y, r);
    path.arcTo(x, y, right, y, r);
  }
  path.closePath();
  return path;
}
