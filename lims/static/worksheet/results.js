// The evaluation of the server, drawn into the rows: results, U, limits, verdicts, checks, findings, chart.
import { draw as drawChart, lane } from "./chart.js";
import { say } from "./words.js";

const ICONS = { ok: "M4 12.5l5 5L20 6.5", cross: "M6 6l12 12M18 6L6 18" };
const NS = "http://www.w3.org/2000/svg";

function icon(name) {
  const svg = document.createElementNS(NS, "svg"), path = document.createElementNS(NS, "path");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const passes = (verdict) => verdict === "pass" || verdict === "conditional_pass";
const judged = (verdict) => passes(verdict) || verdict === "fail" || verdict === "conditional_fail";

function sign(verdict, words) {
  const one = Object.assign(document.createElement("span"), { className: `sign ${passes(verdict) ? "t-ok" : "t-bad"}` });
  one.append(icon(passes(verdict) ? "ok" : "cross"), words);
  return one;
}

export class Results {
  constructor({ budget, last }) {
    Object.assign(this, { budget, last, table: "" });
    this.labels = new Map([...document.querySelectorAll("table[data-table]")].map((table) => [table.dataset.table, this.#label(table)]));
  }

  #label(table) {
    const cell = table.querySelector("td[data-value]");
    return cell ? table.tHead.rows[0].cells[cell.cellIndex].firstChild.textContent.trim() : "";
  }

  /** Draws everything anew; the chart shows `table`, or the one shown before. */
  show(evaluation, progress) {
    this.evaluation = evaluation.partial ? this.#merged(evaluation) : evaluation;
    for (const [key, row] of Object.entries(evaluation.rows)) this.#row(document.querySelector(`tr[data-row="${key}"]`), key, row);
    document.querySelectorAll("[data-check]").forEach((step) => this.#check(step, evaluation.checks[step.dataset.check]));
    evaluation.tables.forEach((table) => this.#summary(table));
    this.#verdict(evaluation);
    this.#findings([...evaluation.reasons, ...evaluation.warnings]);
    const count = document.getElementById("count");
    if (count) count.textContent = say("count", progress);
    this.chart(this.table);
  }

  /** What was known, with the rows and points of `part` put over it: the answer about some positions of a bench. */
  #merged(part) {
    const tables = new Map(this.evaluation.tables.map((table) => [table.key, table]));
    const touched = new Set(Object.keys(part.rows).map((key) => Number(key.split(":")[0])));
    for (const [key, table] of tables) tables.set(key, { ...table, points: table.points.filter((point) => !touched.has(point.x)) });
    for (const table of part.tables) {
      const points = [...(tables.get(table.key)?.points ?? []), ...table.points].sort((a, b) => a.x - b.x);
      tables.set(table.key, { ...table, points });
    }
    return { ...part, rows: { ...this.evaluation.rows, ...part.rows }, tables: [...tables.values()] };
  }

  /** The chart of one table; the first that has points when it has none. */
  chart(key) {
    const tables = this.evaluation.tables, own = tables.find((one) => one.key === key && one.points.length) ?? tables.find((one) => one.points.length);
    if (!own) { document.getElementById("chart-panel").hidden = true; return; }
    this.table = own.key;
    drawChart(own, this.labels.get(own.key) ?? "", this.last?.charts[own.key] ?? [], this.last?.on ?? "");
  }

  budgetOf(rowKey) {
    const [table, point] = rowKey.split("/");
    return this.evaluation.rows[rowKey]?.U ? this.budget.replace("TABLE", table).replace(/0$/, point) : null;
  }

  #row(line, key, row) {
    if (!line) return;
    const put = (name, value) => { const cell = line.querySelector(`[data-${name}]`); if (cell) cell.textContent = value || "–"; return cell; };
    const value = put("value", "");
    if (value && row.value) value.replaceChildren(Object.assign(document.createElement("b"), { textContent: row.value }));
    value?.classList.toggle("t-bad", row.verdict === "fail");
    const U = put("u", "");
    if (U && row.U) U.replaceChildren(Object.assign(document.createElement("a"), { textContent: row.U, href: this.budgetOf(key), tabIndex: -1 }));
    put("k", row.k);
    if (row.mpe) put("mpe", row.mpe);
    row.derived.forEach((text, at) => { const cell = line.querySelector(`[data-derived="${at}"]`); if (cell) cell.textContent = text || "–"; });
    const small = line.querySelector("[data-lane]");
    if (small) lane(small, row.numbers, row.verdict);
    const res = line.querySelector("[data-res]");
    res.className = judged(row.verdict) ? "res" : "res muted";
    res.title = row.message;
    if (judged(row.verdict)) res.replaceChildren(sign(row.verdict, row.failed.length && row.verdict === "fail" ? `${row.words}: ${row.failed.join(", ").toLowerCase()}` : row.words));
    else res.textContent = row.state === "complete" ? row.words : row.short || row.message;
  }

  #check(step, name) {
    const own = step.querySelector("[data-check-state]");
    step.classList.toggle("bad", name === "fail");
    if (!own) return;
    own.dataset.first ??= own.textContent;
    if (name === "pass" || name === "fail") own.replaceChildren(sign(name, this.evaluation.check_words[name]));
    else own.textContent = own.dataset.first;
  }

  #summary(table) {
    const place = document.querySelector(`[data-summary="${table.key}"]`);
    if (place) place.textContent = table.summary.map((one) => `${one.label} ${one.text} ${one.unit}`.trim()).join(" · ");
  }

  #verdict({ verdict, words }) {
    const place = document.getElementById("verdict");
    place.replaceChildren();
    if (judged(verdict)) {
      const badge = Object.assign(document.createElement("span"), { className: `badge ${passes(verdict) ? "is-ok" : "is-bad"}` });
      badge.append(icon(passes(verdict) ? "ok" : "cross"), words);
      place.append(badge);
    }
  }

  #findings(found) {
    const panel = document.getElementById("findings");
    panel.hidden = !found.length;
    panel.querySelector("ul").replaceChildren(...found.map((one) => {
      const line = document.createElement("li");
      const link = one.where ? Object.assign(document.createElement("a"), { href: `#${one.where}` }) : document.createElement("span");
      if (one.where) link.dataset.to = one.where;
      link.textContent = one.text;
      line.append(link);
      return line;
    }));
  }
}
