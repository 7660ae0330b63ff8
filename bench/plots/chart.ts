/**
 * A line chart as SVG that needs nothing else: title, axes with units, a legend, white ground so
 * that it reads on a dark page. Curves differ in colour, in marker and in dashes: they can be told
 * apart in print and by those who do not tell colours (Okabe and Ito's palette, 2008).
 */
import { type Axis, axisOf } from '#bench/plots/axis.ts';

export interface Chart {
  readonly title: string;
  /** What is seen, in a sentence, for those who do not see it. */
  readonly description: string;
  readonly x: AxisTitle;
  readonly y: AxisTitle;
  readonly curves: readonly ChartCurve[];
}

export interface AxisTitle {
  /** With its unit. */
  readonly title: string;
  readonly isLogarithmic?: boolean;
}

export interface ChartCurve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 760;
const PLOT_HEIGHT = 330;
const LEFT = 92;
const RIGHT = 44;
const LEGEND_TOP = 42;
const LEGEND_LINE = 20;
const BOTTOM = 64;
/** More points than these are a line, not a row of measurements. */
const MARKED_POINTS_MAX = 30;

const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#000000'] as const;
const DASHES = ['', '8 4', '2 3', '10 3 2 3', '5 5', '1 4'] as const;
const MARKERS: readonly ((x: string, y: string) => string)[] = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="4.5"/>`,
  (x, y) => `<path d="M${x} ${y}m-4.5-4.5h9v9h-9z"/>`,
  (x, y) => `<path d="M${x} ${y}m0-5.5l5.5 9.5h-11z"/>`,
  (x, y) => `<path d="M${x} ${y}m0-6l6 6l-6 6l-6-6z"/>`,
];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string) => text.replace(/[&<>]/g, (one) => ESCAPES[one]!);
const px = (value: number) => String(Math.round(value * 10) / 10);
const told = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 6 });

/** Where the plot lies, and what places values in it. */
interface Field {
  readonly top: number;
  readonly bottom: number;
  readonly x: Axis;
  readonly y: Axis;
}

/** Below the legend, which has a line for each curve. */
function fieldOf({ x, y, curves }: Chart): Field {
  const top = LEGEND_TOP + curves.length * LEGEND_LINE + 12;
  const bottom = top + PLOT_HEIGHT;
  const points = curves.flatMap((curve) => curve.points);
  const across = { values: points.map(([one]) => one), span: [LEFT, WIDTH - RIGHT] } as const;
  const up = { values: points.map(([, one]) => one), span: [bottom, top] } as const;
  return { top, bottom, x: axisOf({ ...x, ...across }), y: axisOf({ ...y, ...up }) };
}

function gridOf({ top, bottom, x, y }: Field): string[] {
  const across = y.ticks.map((tick) => `<path d="M${LEFT} ${px(y.at(tick))}H${WIDTH - RIGHT}"/>`);
  const up = x.ticks.map((tick) => `<path d="M${px(x.at(tick))} ${top}V${bottom}"/>`);
  return ['<g stroke="#d9d9d9">', ...across, ...up, '</g>'];
}

function labelsOf({ bottom, x, y }: Field): string[] {
  const left = y.ticks.map((tick) => {
    const at = px(y.at(tick) + 5);
    return `<text x="${LEFT - 8}" y="${at}" text-anchor="end">${told(tick)}</text>`;
  });
  const below = x.ticks.map((tick) => {
    const at = px(x.at(tick));
    return `<text x="${at}" y="${bottom + 20}" text-anchor="middle">${told(tick)}</text>`;
  });
  return [...left, ...below];
}

function titlesOf(chart: Chart, { top, bottom }: Field): string[] {
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  const height = (top + bottom) / 2;
  const turned = `transform="rotate(-90 20 ${height})" text-anchor="middle"`;
  const below = `y="${bottom + 46}" text-anchor="middle"`;
  return [
    `<text x="${LEFT}" y="28" font-size="17" font-weight="bold">${escaped(chart.title)}</text>`,
    `<text x="${middle}" ${below}>${escaped(chart.x.title)}</text>`,
    `<text x="20" y="${height}" ${turned}>${escaped(chart.y.title)}</text>`,
  ];
}

function styleOf(index: number): string {
  const dash = DASHES[index % DASHES.length]!;
  const color = COLORS[index % COLORS.length]!;
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `stroke="${color}" stroke-width="2.5" fill="none"${dashes}`;
}

const markerOf = (index: number) => MARKERS[index % MARKERS.length]!;
const colorOf = (index: number) => COLORS[index % COLORS.length]!;

const isMarked = ({ points }: ChartCurve) => points.length <= MARKED_POINTS_MAX;

function curveOf(curve: ChartCurve, index: number, { x, y }: Field): string[] {
  const places = curve.points.map(([one, other]) => [px(x.at(one)), px(y.at(other))] as const);
  const line = places.map(([left, top]) => `${left} ${top}`).join('L');
  const drawn = places.length > 1 ? [`<path d="M${line}" ${styleOf(index)}/>`] : [];
  if (!isMarked(curve)) return drawn;
  const marks = places.map(([left, top]) => markerOf(index)(left, top));
  return [...drawn, `<g fill="${colorOf(index)}">`, ...marks, '</g>'];
}

/** Between title and plot, where no curve can lie beneath it. */
function legendOf(curve: ChartCurve, index: number): string[] {
  const at = LEGEND_TOP + LEGEND_LINE * index + 6;
  const mark = `<g fill="${colorOf(index)}">${markerOf(index)(px(LEFT + 18), px(at))}</g>`;
  return [
    `<path d="M${LEFT} ${at}h36" ${styleOf(index)}/>`,
    ...(isMarked(curve) ? [mark] : []),
    `<text x="${LEFT + 46}" y="${at + 5}">${escaped(curve.name)}</text>`,
  ];
}

/** The chart as the text of an SVG file. */
export function drawChart(chart: Chart): string {
  const field = fieldOf(chart);
  const { top, bottom } = field;
  const size = `${WIDTH} ${bottom + BOTTOM}`;
  const font = 'font-family="Helvetica, Arial, sans-serif" font-size="14" fill="#222222"';
  const frame = `M${LEFT} ${top}V${bottom}H${WIDTH - RIGHT}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" role="img" ${font}>`,
    `<title>${escaped(chart.title)}</title>`,
    `<desc>${escaped(chart.description)}</desc>`,
    `<rect width="${WIDTH}" height="${bottom + BOTTOM}" fill="#ffffff"/>`,
    ...gridOf(field),
    `<path d="${frame}" fill="none" stroke="#222222"/>`,
    ...labelsOf(field),
    ...titlesOf(chart, field),
    ...chart.curves.flatMap((curve, index) => curveOf(curve, index, field)),
    ...chart.curves.flatMap(legendOf),
    '</svg>\n',
  ].join('\n');
}
