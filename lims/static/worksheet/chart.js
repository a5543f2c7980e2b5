// Result ± U at each point against the limits, and the same as a small lane beside its row.
import { say } from "./words.js";

const NS = "http://www.w3.org/2000/svg";
const TOP = 22, FIGURE = 7; // FIGURE: width of one figure of the axis
const chart = document.getElementById("chart");

const shape = (parent, tag, attributes, content) => {
  const one = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  if (content !== undefined) one.textContent = content;
  parent.append(one);
  return one;
};

const comma = document.documentElement.lang === "vi";
/** A number of the axis in the page's language. */
const figure = (value, places) => {
  const [whole, rest] = Math.abs(value).toFixed(places).split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u00a0") : whole;
  return (value < 0 && Number(value.toFixed(places)) !== 0 ? "\u2212" : "") + grouped + (rest ? (comma ? "," : ".") + rest : "");
};

/** Steps of 1, 2 or 5 times a power of ten that cut the span into about so many parts. */
function steps(low, high, parts) {
  const raw = (high - low) / parts, power = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].find((one) => one * power >= raw) * power;
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const marks = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) marks.push(Math.abs(at) < step * 1e-6 ? 0 : at);
  return { marks, places };
}

const kind = (point) => {
  if (point.verdict === "fail" || point.verdict === "conditional_fail") return "out";
  if (point.lower === null || point.upper === null) return "";
  const middle = (point.upper + point.lower) / 2, half = (point.upper - point.lower) / 2;
  return Math.abs(point.value - middle) + point.U > 0.8 * half ? "near" : "";
};

/** Size of the picture: where the chart stands above the readings it is as wide as they are and low, to stay in view. */
function size() {
  const low = matchMedia("(max-width: 1180px)").matches && chart.closest(".stick");
  return low ? { width: Math.max(300, chart.clientWidth), bottom: 88, low } : { width: 332, bottom: 172, low };
}

/** Draws one table; `last` are the points of the visit before, `label` and `unit` name the result. */
export function draw({ points, x, x_unit, unit }, label, last, lastOn) {
  document.getElementById("chart-panel").hidden = !points.length;
  chart.replaceChildren();
  if (!points.length) return;
  const { width: WIDTH, bottom: BOTTOM, low: isLow } = size(), RIGHT = WIDTH - 6;
  const limits = points.filter((one) => one.lower !== null && one.upper !== null);
  const ends = [...points.flatMap((one) => [one.value - one.U, one.value + one.U]), ...limits.flatMap((one) => [one.lower, one.upper]), ...last.map((one) => one.value)];
  let low = Math.min(...ends), high = Math.max(...ends);
  if (high === low) { const room = Math.abs(high) || 1; low -= room / 2; high += room / 2; }
  const room = (high - low) * 0.08;
  low -= room; high += room;
  const { marks, places } = steps(low, high, isLow ? 2 : 4), labels = marks.map((mark) => figure(mark, places));
  const LEFT = 14 + FIGURE * Math.max(...labels.map((label) => label.length));
  const all = [...points, ...last].map((one) => one.x), first = Math.min(...all), width = Math.max(...all) - first;
  const X = (value) => (width ? LEFT + 18 + ((value - first) / width) * (RIGHT - LEFT - 30) : (LEFT + RIGHT) / 2);
  const Y = (value) => TOP + ((high - value) / (high - low)) * (BOTTOM - TOP);
  marks.forEach((mark, at) => {
    shape(chart, "path", { class: mark === 0 ? "axis" : "gridline", d: `M${LEFT} ${Y(mark)}H${RIGHT}` });
    shape(chart, "text", { x: LEFT - 6, y: Y(mark) + 4, "text-anchor": "end" }, labels[at]);
  });
  limits.forEach((one, at) => {
    const from = at ? (X(limits[at - 1].x) + X(one.x)) / 2 : LEFT, to = at + 1 < limits.length ? (X(one.x) + X(limits[at + 1].x)) / 2 : RIGHT;
    for (const end of [one.lower, one.upper]) shape(chart, "path", { class: "lim", d: `M${from} ${Y(end)}H${to}` });
  });
  if (limits.length) shape(chart, "text", { class: "lim-t", x: LEFT + 4, y: Y(limits[0].upper) + 14 }, "MPE");
  if (last.length) {
    shape(chart, "path", { class: "last", d: last.map((one, at) => `${at ? "L" : "M"}${X(one.x)} ${Y(one.value)}`).join("") });
    shape(chart, "text", { x: RIGHT, y: isLow ? 11 : BOTTOM + 32, "text-anchor": "end" }, say("last", { on: lastOn }));
  }
  const names = points.map((one) => figure(one.x, Number.isInteger(one.x) ? 0 : 2));
  const every = Math.max(1, Math.ceil((FIGURE * Math.max(...names.map((name) => name.length)) + 5) / ((RIGHT - LEFT - 30) / points.length)));
  points.forEach((one, at) => {
    if (at % every === 0) shape(chart, "text", { x: X(one.x), y: BOTTOM + 16, "text-anchor": "middle" }, names[at]);
    const group = shape(chart, "g", { class: kind(one) }), a = Y(one.value + one.U), b = Y(one.value - one.U);
    shape(group, "path", { class: "u", d: `M${X(one.x)} ${a}V${b}M${X(one.x) - 3} ${a}h6M${X(one.x) - 3} ${b}h6` });
    shape(group, "circle", { class: "e", cx: X(one.x), cy: Y(one.value), r: 3.2 });
  });
  const across = [x, x_unit].filter(Boolean).join(", "), above = say("chart", { label, unit });
  const fits = !isLow || FIGURE * (across.length + above.length) < WIDTH;
  if (!last.length && fits) shape(chart, "text", { x: RIGHT, y: isLow ? 11 : BOTTOM + 32, "text-anchor": "end" }, across);
  shape(chart, "text", { x: 0, y: 11 }, above);
  chart.setAttribute("viewBox", `0 0 ${WIDTH} ${BOTTOM + (isLow ? 20 : 36)}`);
}

/** The lane of one row: E ± U between its limits. */
export function lane(cell, numbers, verdict) {
  cell.replaceChildren();
  if (!numbers) return;
  const { value, U, lower, upper } = numbers, scale = 92 / (upper - lower);
  const at = (number) => Math.min(110, Math.max(2, 10 + (number - lower) * scale));
  const svg = shape(cell, "svg", { class: `lane ${kind({ ...numbers, verdict })}`, viewBox: "0 0 112 16", "aria-hidden": "true" });
  shape(svg, "path", { class: "lim", d: "M10 1v14M102 1v14" });
  if (lower < 0 && upper > 0) shape(svg, "path", { class: "zero", d: `M${at(0)} 3v10` });
  shape(svg, "rect", { class: "u", x: at(value - U), y: 5, width: at(value + U) - at(value - U), height: 6, rx: 2 });
  shape(svg, "circle", { class: "e", cx: at(value), cy: 8, r: 3 });
}
