// The sheet: what is typed goes into the queue, what the server answers is shown at its cell.
import { toast } from "./modules/toasts.js";
import * as ask from "./worksheet/ask.js";
import { boxes, field, keep, show, state, strip, text, words } from "./worksheet/cells.js";
import { begin, flow, go, goOn, Grid, isLed } from "./worksheet/grid.js";
import { redrawn } from "./worksheet/redraw.js";
import { CORRECTIONS, FAILURES, Questions } from "./worksheet/questions.js";
import { Queue } from "./worksheet/queue.js";
import { Results } from "./worksheet/results.js";
import { standards } from "./worksheet/standards.js";
import { Store } from "./worksheet/store.js";
import { say } from "./worksheet/words.js";

const data = JSON.parse(document.getElementById("sheet-data").textContent);
let results = new Results(data);
const mine = new Set(); // cells written from this page: a slip there is corrected without a question
const done = []; // what Ctrl+Z takes back, newest last
let redraw = false, drawing = false;
const held = new Map(); // cells in which the cursor waits for the server's word

const store = new Store(data.user, data.code);
const queue = new Queue({
  url: data.cells, token: data.token, store, seen: data.state.seen,
  hooks: { outcome, state: (entry, name) => state(boxes.get(entry.cell), name), reply, network, stopped },
});

const questions = new Questions(queue, store);

function network(detail) { document.dispatchEvent(new CustomEvent("lims:network", { detail })); }

function reply(body) {
  for (const [cell, now] of Object.entries(body.cells)) {
    const box = boxes.get(cell);
    if (box) keep(box, now, { busy: Boolean(queue.pending(cell)) || text(box) !== box.dataset.text });
  }
  results.show(body.evaluation, body.progress);
  document.dispatchEvent(new CustomEvent("lims:reply", { detail: body }));
  redraw ||= Boolean(body.reload);
  if (redraw) drawAnew();
}

/** A characteristic may change points and limits: grid and standards are drawn anew once the queue is empty, and the
 * cursor, with what is half typed, stays where it is. */
async function drawAnew() {
  if (drawing || queue.entries.length) return;
  drawing = true;
  redraw = false;
  const fresh = await redrawn(() => queue.entries.length === 0 && !redraw, () => grid.take());
  drawing = false;
  if (fresh === "later") { redraw = true; drawAnew(); return; } // tried again with the next answer of the server
  if (!fresh) { location.reload(); return; }
  const details = document.querySelector(".fields");
  if (details.open && !fresh.fields_open && !details.contains(document.activeElement)) details.open = false;
  results = new Results({ ...data, last: fresh.last });
  results.show(fresh.state.evaluation, fresh.state.progress);
  // Where the cursor went by itself before the new points were there, it goes on to them.
  const now = document.activeElement, box = now?.closest?.("[data-cell]");
  if (isLed() && (now.id === "submit" || box?.dataset.cell.endsWith("/end")) && (!box || text(box) === box.dataset.text)) goOn();
}

function stopped({ signedOut, text: why }) {
  const link = Object.assign(document.createElement("a"), { href: signedOut ? data.login : location.href, textContent: say(signedOut ? "signIn" : "reload") });
  const box = Object.assign(document.createElement("div"), { className: "alert alert-bad flash" });
  box.append(words(signedOut ? say("signedOut") : why), link);
  document.getElementById("sheet-notice").replaceChildren(box);
}

/* ---- what became of an entry ---- */

function outcome(entry, answer) {
  const box = boxes.get(entry.cell);
  if (!box) { queue.discard(entry); return; }
  held.get(entry.cell)?.(answer.status === "saved");
  held.delete(entry.cell);
  if (answer.status === "saved") saved(entry, box, answer.now);
  else questions.put(entry, box, answer);
  // A refused characteristic calls the cursor back, unless something else is half typed.
  const here = document.activeElement?.closest?.("[data-cell]");
  if (answer.status === "refused" && entry.cell.startsWith("field/") && (!here || text(here) === here.dataset.text)) go(box);
}

function saved(entry, box, now) {
  mine.add(entry.cell);
  if (now && now.revision > (entry.base ?? 0) && entry.source !== "undo") done.push({ cell: entry.cell, text: entry.before });
  store.dropDraft(entry.cell);
  if (now) keep(box, now, { busy: Boolean(queue.pending(entry.cell)) || text(box) !== box.dataset.text });
  else if (!queue.pending(entry.cell)) state(box, "");
}

/* ---- what is typed ---- */

async function commit(box, source) {
  const typed = text(box), cell = box.dataset.cell;
  if (typed === box.dataset.text || !data.editable) { if (typed === box.dataset.text) store.dropDraft(cell); return true; }
  if (standards.scanned(typed)) { show(box, box.dataset.text); store.dropDraft(cell); return true; }
  return enter(box, typed, source);
}

/** Puts a text into the queue, with its reason when it corrects what is stored. */
async function enter(box, typed, source, given = "") {
  const cell = box.dataset.cell, before = box.dataset.text, waiting = queue.pending(cell);
  const base = Number(box.dataset.base ?? box.dataset.revision);
  delete box.dataset.base;
  box.dataset.text = typed;
  state(box, "saving");
  strip(box, null);
  let why = given;
  // What a question stands against was not stored: another text in its place corrects nothing.
  const corrects = base || (waiting && !waiting.asked);
  if (!why && corrects) why = mine.has(cell) || waiting ? say("slip") : await ask.reason(say("correct", { name: box.dataset.name }), CORRECTIONS());
  if (why === null) { show(box, before); state(box, before ? "saved" : ""); store.dropDraft(cell); return false; }
  queue.add({ cell, text: typed, base, reason: corrects ? why : given, source, before });
  store.dropDraft(cell);
  queue.flush();
  return true;
}

document.addEventListener("lims:enter", (event) => {
  const box = boxes.get(event.detail.cell);
  if (!box) return;
  const before = box.dataset.text;
  show(box, event.detail.text);
  box.dataset.text = before;
  enter(box, event.detail.text, "typed");
});

const grid = new Grid({
  commit,
  table: (key) => results.chart(key),
  escape(box) {
    if (questions.at(box) === "guard") { questions.insist(box); return true; }
    if (box.dataset.state !== "refused") return false;
    show(box, box.dataset.kept);
    state(box, box.dataset.kept ? "saved" : "");
    strip(box, null);
    return true;
  },
  enter(box) {
    if (text(box) !== box.dataset.text) return false;
    const asked = questions.at(box);
    if (asked === "guard") questions.take(box);
    if (asked === "conflict") box.closest("tr")?.nextElementSibling?.querySelector("button")?.click();
    return asked === "guard" || asked === "conflict";
  },
  /** A characteristic was just given and the new limits are not drawn yet: only the server knows them. */
  stale: (box) => Boolean(text(box) && box.closest("table")) && (redraw || drawing || queue.entries.some((entry) => entry.cell.startsWith("field/"))),
  async hold(box) {
    const answer = new Promise((resolve) => held.set(box.dataset.cell, resolve));
    const patience = new Promise((resolve) => { setTimeout(resolve, 3000, "late"); });
    await commit(box, "typed");
    if (!queue.pending(box.dataset.cell)) { held.delete(box.dataset.cell); return true; }
    const went = await Promise.race([answer, patience]);
    if (went !== "late") return went;
    held.delete(box.dataset.cell);
    strip(box, [words(say("unchecked"))]);
    return true;
  },
  typing(box) {
    clearTimeout(box.timer);
    if (text(box) === box.dataset.text) { delete box.dataset.base; store.dropDraft(box.dataset.cell); return; }
    box.dataset.base ??= box.dataset.revision;
    box.timer = setTimeout(() => this.setAside(box), 250);
  },
  setAside(box) {
    if (text(box) !== box.dataset.text) store.keepDraft(box.dataset.cell, { text: text(box), base: Number(box.dataset.base ?? box.dataset.revision) });
  },
  async paste(filled) {
    const over = filled.filter(([box, value]) => Number(box.dataset.revision) && value !== box.dataset.text);
    const why = over.length ? await ask.reason(say("pasted", { count: over.length }), CORRECTIONS()) : "";
    if (why === null) return;
    for (const [box, value] of filled) {
      if (value === box.dataset.text) continue;
      const before = box.dataset.text;
      show(box, value);
      box.dataset.text = before;
      await enter(box, value, "pasted", Number(box.dataset.revision) ? why : "");
    }
    goOn();
  },
  async check(box, value) {
    if (value === text(box)) return true;
    const why = value === "fail" ? await ask.reason(say("failed", { name: box.dataset.name }), FAILURES()) : "";
    if (why === null) return false;
    const before = text(box);
    show(box, value);
    box.dataset.text = before;
    return enter(box, value, "typed", why);
  },
  async undo() {
    const unsent = queue.entries.findLast((entry) => !entry.tried && !entry.sending);
    const last = unsent ? { cell: unsent.cell, text: unsent.before } : done.pop();
    if (!last) { toast(say("nothingToUndo")); return; }
    const box = boxes.get(last.cell), now = box.dataset.text;
    show(box, last.text);
    if (unsent) {
      queue.discard(unsent);
      strip(box, null);
      state(box, last.text ? "saved" : "");
    } else {
      box.dataset.text = now;
      await enter(box, last.text, "undo", say("undone"));
    }
    go(box);
  },
});

results.show(data.state.evaluation, data.state.progress);

/* ---- keys and buttons of the page ---- */

document.addEventListener("keydown", (event) => {
  if (event.key !== "F8" || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  const row = grid.row?.dataset.row ?? Object.keys(results.evaluation.rows).find((key) => results.budgetOf(key));
  const address = row && results.budgetOf(row);
  if (address) location.assign(address);
});

document.getElementById("stop")?.addEventListener("click", () => {
  const steps = flow.filter((box) => box.classList.contains("cell-check"));
  const step = steps.find((box) => box.contains(document.activeElement)) ?? steps.find((box) => !text(box)) ?? steps[0];
  step.querySelector('button[value="fail"]').click();
});

document.getElementById("submit-form")?.addEventListener("submit", async (event) => {
  const active = document.activeElement?.closest?.("[data-cell]");
  if (!queue.entries.length && (!active || active.dataset.text === text(active))) return;
  event.preventDefault();
  if (active) await commit(active, "typed");
  await queue.flush();
  if (!queue.entries.length) { event.target.requestSubmit(); return; }
  const asked = queue.questions[0];
  toast(say(asked ? "unanswered" : "unsent", { count: queue.entries.length }));
  if (asked) go(boxes.get(asked.cell));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-to]");
  if (!link) return;
  const to = link.dataset.to;
  const box = boxes.get(to) ?? boxes.get(`env/${to}`) ?? boxes.get(`env/${to}/start`) ?? boxes.get(`check/${to}`) ?? boxes.get(`field/${to}`)
    ?? document.querySelector(`tr[data-row="${CSS.escape(to)}"] [data-cell]`);
  event.preventDefault();
  const details = box?.closest("details");
  if (details) details.open = true;
  if (box) go(box); else document.getElementById("standard-number")?.focus();
});

/* ---- opening the page: what was left behind comes back and goes out ---- */

for (const entry of queue.entries) {
  const box = boxes.get(entry.cell);
  if (!box) continue;
  show(box, entry.text);
  state(box, "waiting");
}
for (const [cell, draft] of Object.entries(store.drafts())) {
  const box = boxes.get(cell);
  if (!box || queue.pending(cell) || !field(box)) { store.dropDraft(cell); continue; }
  field(box).value = draft.text;
  box.dataset.base = draft.base ?? 0;
  state(box, "waiting");
}
standards.watch({ goOn, reply: (body) => { queue.seen = body.seen; reply(body); } });
if (data.editable) {
  queue.flush();
  const left = [...boxes.values()].find((box) => text(box) !== box.dataset.text);
  if (left) go(left); else if (!standards.focusMissing()) begin();
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") queue.entries.length ? queue.flush() : queue.sync(); });
  addEventListener("online", () => queue.flush());
  setInterval(() => { if (document.visibilityState === "visible") queue.sync(); }, 30000);
}
