import { wrap } from './measure.ts';
import type { Journey, Lane, Step } from './steps.ts';

/** A line of text at its place. */
export interface Placed {
  text: string;
  x: number;
  y: number;
  kind: 'caption' | 'title' | 'line' | 'condition' | 'clock';
}

export interface Box {
  step: Step;
  x: number;
  y: number;
  width: number;
  height: number;
  texts: readonly Placed[];
}

/** A way between two boxes, as an SVG path, and the tip at its end. */
export interface Way {
  path: string;
  tip: { x: number; y: number; to: 'down' | 'left' | 'right' };
  kind: 'flow' | 'ask' | 'answer' | 'pass' | 'notice';
}

export interface Layout {
  width: number;
  height: number;
  lanes: readonly (Lane & { x: number; width: number; lines: readonly string[] })[];
  boxes: readonly Box[];
  ways: readonly Way[];
  /** The frame around what happens in every deciding state. */
  repeated?: { x: number; y: number; width: number; height: number; lines: readonly string[] };
}

/** One lane beside the other for wide pages and paper; one below the other for telephones. */
export type Shape = 'wide' | 'tall';

const SIZES = { caption: 10.5, title: 13, line: 11.5, condition: 11, clock: 11 } as const;
const LEADING = 1.36;
const PADDING = 10;
const GAP = 30;
const MARGIN = 12;
const HEAD = 52;
/** From the end of a line to the point of its tip. */
const TIP = 7;
const HEADING_LINE = 15;
/** Bold letters are wider. */
const BOLD = 1.07;
const LANE = { wide: 204, tall: 320 } as const;
/** Room beside a box within its lane: where a way passes it by. */
const SIDE = 13;

/** Puts every step at its place: rows from top to bottom, a lane for each role. */
export function layOut({ lanes, steps, repeated }: Journey, shape: Shape): Layout {
  const wide = shape === 'wide';
  const lane = LANE[shape];
  const laneX = new Map(lanes.map(({ id }, index) => [id, MARGIN + (wide ? index * lane : 0)]));
  const titles = new Map(lanes.map(({ id, title }) => [id, title]));
  const heading = repeated === undefined ? [] : wrap(repeated.title, lane - 2 * PADDING, SIZES.clock * BOLD);
  const boxes: Box[] = [];
  let y = MARGIN + (wide ? HEAD + 12 : 4);
  let asking: Box | undefined;
  steps.forEach((step, index) => {
    if (index === repeated?.first) y += heading.length * HEADING_LINE + 8;
    const last = boxes.at(-1);
    // The first notice goes out beside the letter.
    if (wide && step.kind === 'notice' && last?.step.kind === 'receive') y = last.y;
    const caption = wide ? step.caption : [titles.get(step.lane), step.caption].filter(Boolean).join(' · ');
    const x = (laneX.get(step.lane) ?? MARGIN) + SIDE;
    const box = fill({ ...step, ...(caption === undefined ? {} : { caption }) }, x, y, lane - 2 * SIDE);
    boxes.push(box);
    if (step.kind !== 'evidence') asking = step.kind === 'ask' ? box : undefined;
    // Answers stand beside the question, which is as high as all of them.
    if (wide && step.kind === 'ask' && steps[index + 1]?.kind === 'evidence') return;
    if (wide && asking !== undefined) asking.height = Math.max(asking.height, bottom(box) - asking.y);
    y = bottom(box) + GAP + (index === repeated?.last ? 12 : 0);
  });
  const frame = repeated === undefined ? undefined : frameOf(boxes, repeated, heading, lane, wide);
  return {
    width: 2 * MARGIN + (wide ? lane * lanes.length : lane),
    height: Math.max(...boxes.map(bottom)) + MARGIN + 12,
    ...{ boxes, ways: waysOf(boxes, frame, wide) },
    lanes: wide ? lanes.map((one) => laneOf(one, laneX.get(one.id) ?? MARGIN, lane)) : [],
    ...(frame === undefined ? {} : { repeated: frame }),
  };
}

const laneOf = (lane: Lane, x: number, width: number): Layout['lanes'][number] => ({
  ...{ ...lane, x, width },
  lines: wrap(lane.title, width - 2 * PADDING, SIZES.title * BOLD),
});

/** A box that is as high as its texts want. */
function fill(step: Step, x: number, y: number, width: number): Box {
  const texts: Placed[] = [];
  let at = y + PADDING;
  const put = (text: string | undefined, kind: Placed['kind'], indent = 0): void => {
    if (text === undefined) return;
    const size = SIZES[kind];
    const wanted = kind === 'line' ? size : size * BOLD;
    for (const line of wrap(text, width - 2 * PADDING - indent, wanted)) {
      texts.push({ text: line, kind, x: x + PADDING + indent, y: at + size });
      at += size * LEADING;
    }
    at += 3;
  };
  put(step.caption, 'caption');
  put(step.condition, 'condition');
  put(step.title, 'title');
  for (const line of step.lines) put(line, 'line');
  put(step.clock, 'clock', 18);
  return { step, x, y, width, height: at - y + PADDING - 5, texts };
}

const middle = ({ x, width }: Box): number => x + width / 2;
const bottom = ({ y, height }: Box): number => y + height;

/** The main flow goes from step to step; questions for evidence go out and come back. */
function waysOf(boxes: readonly Box[], frame: Layout['repeated'], wide: boolean): Way[] {
  const ways: Way[] = [];
  const asking = boxes.find(({ step }) => step.kind === 'ask');
  let told = boxes.find(({ step }) => step.kind === 'outcome');
  let from: Box | undefined;
  for (const box of boxes) {
    const { kind, condition } = box.step;
    if (kind === 'notice') {
      if (wide && told !== undefined) ways.push({ ...down(told, box, box.y), kind: 'notice' });
      told = box;
      continue;
    }
    if (wide && kind === 'evidence' && asking !== undefined) {
      ways.push(...thereAndBack(asking, box));
      continue;
    }
    if (from !== undefined) {
      // Whoever enters the frame enters all that is in it.
      const enters = frame !== undefined && from.y < frame.y && box.y > frame.y && box.y < frame.y + frame.height;
      ways.push(down(from, box, enters ? frame.y : box.y));
      if (condition !== undefined) ways.push(passBy(from, box));
    }
    from = box;
  }
  return ways;
}

/** Down, across, and down again, with round corners; straight where both stand in one lane. */
function down(from: Box, to: Box, end: number): Way {
  const [x1, y1, x2] = [middle(from), bottom(from), middle(to)];
  const way = { kind: 'flow' as const, tip: { x: x2, y: end, to: 'down' as const } };
  if (x1 === x2) return { ...way, path: `M${x1} ${y1}V${end - TIP}` };
  const bend = y1 + 13;
  const turn = x2 > x1 ? 8 : -8;
  const path = `M${x1} ${y1}V${bend - 8}q0 8 ${turn} 8H${x2 - turn}q${turn} 0 ${turn} 8V${end - TIP}`;
  return { ...way, path };
}

function thereAndBack(asking: Box, box: Box): Way[] {
  const [x1, x2] = [asking.x + asking.width, box.x];
  const [there, back] = [box.y + 20, bottom(box) - 16];
  return [
    { kind: 'ask', path: `M${x1} ${there}H${x2 - TIP}`, tip: { x: x2, y: there, to: 'right' } },
    { kind: 'answer', path: `M${x2} ${back}H${x1 + TIP}`, tip: { x: x1, y: back, to: 'left' } },
  ];
}

/** Around a step that is not always taken. */
function passBy(from: Box, box: Box): Way {
  const x = box.x - SIDE / 2 - 1;
  const y1 = bottom(from) + (box.y - bottom(from)) / 2;
  const y2 = bottom(box) + GAP / 2 - 3;
  const path = `M${middle(box)} ${y1}H${x + 6}q-6 0 -6 6V${y2 - 6}q0 6 6 6H${middle(box) - TIP}`;
  return { kind: 'pass', path, tip: { x: middle(box), y: y2, to: 'right' } };
}

function frameOf(
  boxes: readonly Box[],
  { first, last }: { first: number; last: number },
  lines: readonly string[],
  lane: number,
  wide: boolean,
): Layout['repeated'] {
  const [top, end] = [boxes[first], boxes[last]];
  if (top === undefined || end === undefined) return undefined;
  const y = top.y - lines.length * HEADING_LINE - 12;
  const side = wide ? 3 : 0;
  return { x: top.x - SIDE + side, y, width: lane - 2 * side, height: bottom(end) - y + 10, lines };
}
