import { renderToString } from 'preact-render-to-string';
import type { Language } from '../../../texts/index.ts';
import type { Agreement, Service } from '../../types.ts';
import { type Printed, policyFor } from '../printed.ts';
import { openSheet, type Sheet } from '../sheet.ts';
import { type Box, type Layout, layOut, type Shape, type Way } from './layout.ts';
import { halvesOf, type Journey, journeyOf } from './steps.ts';
import { MAP_CSS } from './style.ts';

/**
 * The journey of a service as a picture of its own: a lane for each role, pages with their conditions, evidence asked of whom, stages,
 * clocks, outcomes and documents. Plain SVG with text that can be read and found; light, dark, and on paper.
 *
 * @example writeFileSync('pension.svg', printJourneyMap(agreement, service, 'ky').body);
 */
export function printJourneyMap(agreement: Agreement, service: Service, language: Language): Printed {
  const sheet = openSheet(agreement, language);
  const journey = journeyOf(sheet, service);
  const picture = <Picture {...{ sheet, journey }} service={service.name} shape="wide" name="wide" alone />;
  return { body: `${renderToString(picture)}\n`, policy: policyFor(MAP_CSS) };
}

/** The map in its shapes; the style of the document shows the one that fits. Its halves fit a page of paper each, and the screen. */
export function MapInDocument({ sheet, service }: { sheet: Sheet; service: Service }) {
  const journey = journeyOf(sheet, service);
  const shown = { sheet, service: service.name };
  return (
    <div class="map">
      {halvesOf(journey).map((half, index) => (
        <div key={half.steps[0]?.title} class="wide">
          <Picture {...shown} journey={half} shape="wide" name={`wide-${index + 1}`} />
        </div>
      ))}
      <div class="tall">
        <Picture {...shown} journey={journey} shape="tall" name="tall" />
      </div>
    </div>
  );
}

interface PictureProps {
  sheet: Sheet;
  service: string;
  journey: Journey;
  shape: Shape;
  /** Tells the pictures of one page apart. */
  name: string;
  /** A file of its own, with its style. */
  alone?: boolean;
}

function Picture({ sheet, service, journey, shape, name, alone = false }: PictureProps) {
  const layout = layOut(journey, shape);
  const { width, height, repeated } = layout;
  const id = `map-${service}-${name}`;
  return (
    <svg
      {...(alone ? { xmlns: 'http://www.w3.org/2000/svg', 'xml:lang': sheet.language } : {})}
      class="jm"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-labelledby={`${id}-title ${id}-desc`}
    >
      <title id={`${id}-title`}>{sheet.say('regulation.map.title', { service: journey.title })}</title>
      <desc id={`${id}-desc`}>{description(sheet, journey)}</desc>
      {alone ? <style>{MAP_CSS}</style> : null}
      <rect class="jm-ground" width={width} height={height} />
      <Lanes layout={layout} />
      {repeated === undefined ? null : <Frame frame={repeated} />}
      <g>
        {layout.ways.map((way) => (
          <WayShown key={way.path} way={way} />
        ))}
      </g>
      <g>
        {layout.boxes.map((box) => (
          <BoxShown key={`${box.x} ${box.y}`} box={box} />
        ))}
      </g>
    </svg>
  );
}

const description = (sheet: Sheet, { lanes, steps }: Journey): string =>
  sheet.say('regulation.map.desc', { lanes: sheet.list(lanes.map(({ title }) => title)), steps: steps.length });

const Frame = ({ frame: { x, y, width, height, lines } }: { frame: NonNullable<Layout['repeated']> }) => (
  <g>
    <rect class="jm-frame" {...{ x, y, width, height }} rx={10} />
    {lines.map((line, row) => (
      <text key={line} class="jm-frame-title" x={x + width / 2} y={y + 19 + row * 15}>
        {line}
      </text>
    ))}
  </g>
);

const Lanes = ({ layout: { lanes, height } }: { layout: Layout }) => (
  <>
    {lanes.map(({ id, x, width, lines }, index) => (
      <g key={id}>
        <rect
          class={`jm-lane${index % 2 === 1 ? ' even' : ''}`}
          x={x}
          y={8}
          width={width}
          height={height - 16}
          rx={8}
        />
        {lines.slice(0, 3).map((line, row) => (
          <text key={line} class="jm-lane-title" x={x + width / 2} y={(lines.length === 1 ? 38 : 28) + row * 16}>
            {line}
          </text>
        ))}
        <line class="jm-rule" x1={x + 10} x2={x + width - 10} y1={60} y2={60} />
      </g>
    ))}
  </>
);

/** Tips are drawn, not referred to, so that pictures on one page share no ids. */
const TIPS = { down: 'l-4.5 -8h9z', right: 'l-8 -4.5v9z', left: 'l8 -4.5v9z' } as const;

const WayShown = ({ way: { path, kind, tip } }: { way: Way }) => (
  <>
    <path class={`jm-way ${kind}`} d={path} />
    <path class={`jm-tip ${kind}`} d={`M${tip.x} ${tip.y}${TIPS[tip.to]}`} />
  </>
);

function BoxShown({ box: { step, x, y, width, height, texts } }: { box: Box }) {
  const clock = texts.find(({ kind }) => kind === 'clock');
  return (
    <g class={`jm-${step.kind}${step.condition === undefined ? '' : ' jm-cond'}`}>
      <rect class="jm-box" x={x} y={y} width={width} height={height} rx={step.kind === 'outcome' ? 16 : 7} />
      {texts.map((line) => (
        <text key={`${line.y}`} class={`jm-${line.kind}`} x={line.x} y={line.y}>
          {line.text}
        </text>
      ))}
      {clock === undefined ? null : (
        <path
          class="jm-dial"
          d={`M${clock.x - 5.5} ${clock.y - 4}a6 6 0 1 1 -12 0a6 6 0 1 1 12 0M${clock.x - 11.5} ${clock.y - 7.5}v3.5h3`}
        />
      )}
    </g>
  );
}
