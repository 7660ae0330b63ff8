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
const HEIGHT = 440;
const LEFT = 92;
const RIGHT = 44;
const TOP = 52;
const BOTTOM = 64;
const LEGEND_LINE = 20;
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

function gridOf(x: Axis, y: Axis): string[] {
  const bottom = HEIGHT - BOTTOM;
  const across = y.ticks.map((tick) => {
    const at = px(y.at(tick));
    return `<path d="M${LEFT} ${at}H${WIDTH - RIGHT}"/>`;
  });
  const up = x.ticks.map((tick) => `<path d="M${px(x.at(tick))} ${TOP}V${bottom}"/>`);
  return [`<g stroke="#d9d9d9">`, ...across, ...up, '</g>'];
}

function labelsOf(x: Axis, y: Axis): string[] {
  const bottom = HEIGHT - BOTTOM;
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

function titlesOf(chart: Chart): string[] {
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  const height = (TOP + HEIGHT - BOTTOM) / 2;
  const turned = `transform="rotate(-90 20 ${height})" text-anchor="middle"`;
  return [
    `<text x="${LEFT}" y="28" font-size="17" font-weight="bold">${escaped(chart.title)}</text>`,
    `<text x="${middle}" y="${HEIGHT - 18}" text-anchor="middle">${escaped(chart.x.title)}</text>`,
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

function curveOf(curve: ChartCurve, index: number, { x, y }: { x: Axis; y: Axis }): string[] {
  const places = curve.points.map(([one, other]) => [px(x.at(one)), px(y.at(other))] as const);
  const line = places.map(([left, top]) => `${left} ${top}`).join('L');
  const drawn = places.length > 1 ? [`<path d="M${line}" ${styleOf(index)}/>`] : [];
  if (places.length > MARKED_POINTS_MAX) return drawn;
  const marks = places.map(([left, top]) => markerOf(index)(left, top));
  return [...drawn, `<g fill="${colorOf(index)}">`, ...marks, '</g>'];
}

/** Below the title line by line, on the side where the curves leave room. */
function legendOf(curves: readonly ChartCurve[], isLeft: boolean): string[] {
  const longest = Math.max(...curves.map(({ name }) => name.length));
  const width = 56 + longest * 7.4;
  const left = isLeft ? LEFT + 12 : WIDTH - RIGHT - 12 - width;
  const height = curves.length * LEGEND_LINE + 10;
  const ground = 'fill="#ffffff" fill-opacity="0.9" stroke="#d9d9d9"';
  const lines = curves.flatMap(({ name, points }, index) => {
    const at = TOP + 10 + LEGEND_LINE * index + 15;
    const x = left + 10;
    const mark = `<g fill="${colorOf(index)}">${markerOf(index)(px(x + 16), px(at))}</g>`;
    return [
      `<path d="M${px(x)} ${at}h32" ${styleOf(index)}/>`,
      ...(points.length > MARKED_POINTS_MAX ? [] : [mark]),
      `<text x="${px(x + 40)}" y="${at + 5}">${escaped(name)}</text>`,
    ];
  });
  return [
    `<rect x="${px(left)}" y="${TOP + 10}" width="${px(width)}" height="${height}" ${ground}/>`,
    ...lines,
  ];
}

/** True when the curves have their high points to the right: then there is room on the left. */
function isRoomLeft(curves: readonly ChartCurve[], axes: { x: Axis; y: Axis }): boolean {
  const places = curves.flatMap(({ points }) =>
    points.map(([x, y]) => [axes.x.at(x), axes.y.at(y)]),
  );
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  const highest = (isLeft: boolean) =>
    Math.min(HEIGHT, ...places.filter(([x]) => x! < middle === isLeft).map(([, y]) => y!));
  return highest(true) >= highest(false);
}

/** The chart as the text of an SVG file. */
export function drawChart(chart: Chart): string {
  const points = chart.curves.flatMap((curve) => curve.points);
  const x = axisOf({
    ...{ ...chart.x, values: points.map(([one]) => one), span: [LEFT, WIDTH - RIGHT] },
  });
  const y = axisOf({
    ...{ ...chart.y, values: points.map(([, one]) => one), span: [HEIGHT - BOTTOM, TOP] },
  });
  const frame = `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`;
  const font = 'font-family="Helvetica, Arial, sans-serif" font-size="14" fill="#222222"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ${font}>`,
    `<title>${escaped(chart.title)}</title>`,
    `<desc>${escaped(chart.description)}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...gridOf(x, y),
    `<path d="${frame}" fill="none" stroke="#222222"/>`,
    ...labelsOf(x, y),
    ...titlesOf(chart),
    ...chart.curves.flatMap((curve, index) => curveOf(curve, index, { x, y })),
    ...legendOf(chart.curves, isRoomLeft(chart.curves, { x, y })),
    '</svg>\n',
  ].join('\n');
}
