// The sheet: what is typed goes into the queue, what the server answers is shown at its cell.
import { toast } from "./modules/toasts.js";
import * as ask from "./worksheet/ask.js";
import { bold, boxes, field, keep, keyed, press, show, state, strip, text, words } from "./worksheet/cells.js";
import { begin, flow, go, goOn, Grid } from "./worksheet/grid.js";
import { Queue } from "./worksheet/queue.js";
import { Results } from "./worksheet/results.js";
import { standards } from "./worksheet/standards.js";
import { Store } from "./worksheet/store.js";
import { say } from "./worksheet/words.js";

const data = JSON.parse(document.getElementById("sheet-data").textContent);
const results = new Results(data);
const mine = new Set(); // cells written from this page: a slip there is corrected without a question
const done = []; // what Ctrl+Z takes back, newest last
let redraw = false;
const held = new Map(); // cells in which the cursor waits for the server's word

results.show(data.state.evaluation, data.state.progress);

const CORRECTIONS = () => [say("slip"), say("reread"), say("wrongCell"), say("retry")];
const KEPT = () => [say("checked"), say("large")];
const FAILURES = () => [say("damaged"), say("zero"), say("unreadable"), say("outOfLimits")];

const store = new Store(data.user, data.code);
const queue = new Queue({
  url: data.cells, token: data.token, store, seen: data.state.seen,
  hooks: { outcome, state: (entry, name) => state(boxes.get(entry.cell), name), reply, network, stopped },
});

function network(detail) { document.dispatchEvent(new CustomEvent("lims:network", { detail })); }

function reply(body) {
  for (const [cell, now] of Object.entries(body.cells)) {
    const box = boxes.get(cell);
    if (box) keep(box, now, { busy: Boolean(queue.pending(cell)) || text(box) !== box.dataset.text });
  }
  results.show(body.evaluation, body.progress);
  // A characteristic may change points and limits: the grid is drawn anew once nothing is on its way.
  redraw ||= body.reload;
  if (redraw && !queue.entries.length) location.reload();
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
  else ({ refused, ambiguous, guard, reason: unexplained, conflict })[answer.status](entry, box, answer);
}

function saved(entry, box, now) {
  mine.add(entry.cell);
  store.dropDraft(entry.cell);
  if (now) keep(box, now, { busy: Boolean(queue.pending(entry.cell)) || text(box) !== box.dataset.text });
  else if (!queue.pending(entry.cell)) state(box, "");
}

/** The text stays in its box with the reason; nothing was stored. */
function refused(entry, box, answer) {
  queue.discard(entry);
  store.keepDraft(entry.cell, { text: entry.text, base: entry.base });
  state(box, "refused");
  strip(box, [bold(answer.message)], true);
}

async function ambiguous(entry, box, answer) {
  state(box, "guard");
  const meaning = await ask.dot(entry.text, answer.candidates);
  if (!meaning) { revert(entry, box); go(box); return; }
  queue.dotMeans = meaning;
  queue.questions.filter((one) => one.asked.status === "ambiguous").forEach((one) => queue.answer(one, {}));
  goOn();
}

function guard(entry, box, answer) {
  state(box, "guard");
  const parts = [bold(answer.message)];
  if (answer.suggestion) parts.push(keyed("Enter", say("pressEnter")), keyed("Esc", say("pressEsc")), press(say("take", { text: answer.suggestion }), () => take(box)));
  else parts.push(keyed("Esc", say("pressEsc")));
  strip(box, [...parts, press(say("keep", { text: entry.text }), () => insist(box))]);
}

/** The suggestion of the guard is what was meant. */
function take(box) {
  const entry = questionAt(box);
  const meant = entry.asked.suggestion;
  if (!meant) { insist(box); return; }
  queue.discard(entry);
  strip(box, null);
  show(box, meant);
  queue.add({ cell: entry.cell, text: meant, base: entry.base, reason: entry.reason, source: entry.source });
  queue.flush();
  goOn();
}

/** The reading is far off, and right. */
async function insist(box) {
  const entry = questionAt(box);
  const why = await ask.reason(say("keep", { text: entry.text }), KEPT());
  if (!why) { go(box); return; }
  strip(box, null);
  queue.answer(entry, { confirmed: true, reason: why });
  goOn();
}

async function unexplained(entry, box, answer) {
  const failed = answer.code === "failed_check";
  const why = await ask.reason(say(failed ? "failed" : "correct", { name: box.dataset.name }), failed ? FAILURES() : CORRECTIONS());
  if (why) queue.answer(entry, { reason: why }); else revert(entry, box, answer.now);
}

function conflict(entry, box, answer) {
  state(box, "conflict");
  const theirs = answer.now ?? { text: "", by: "", at: "", revision: 0 };
  const shown = (value) => value || say("empty");
  strip(box, [bold(say("twoValues", { mine: shown(entry.text), theirs: shown(theirs.text) })), words(`${theirs.by} · ${theirs.at}`), press(say("choose"), () => settle(entry, box, theirs))], true);
}

async function settle(entry, box, theirs) {
  const kept = await ask.choose(entry.text, theirs);
  if (!kept) return;
  const [value, other] = kept === "mine" ? [entry.text, theirs.text] : [theirs.text, entry.text];
  strip(box, null);
  show(box, value);
  queue.answer(entry, { text: value, base: theirs.revision, source: "conflict", reason: say("chosen", { kept: value || say("empty"), other: other || say("empty") }) });
}

const questionAt = (box) => queue.questions.find((entry) => entry.cell === box.dataset.cell);

function revert(entry, box, now) {
  queue.discard(entry);
  store.dropDraft(entry.cell);
  strip(box, null);
  show(box, now ? now.text : box.dataset.before ?? "");
  state(box, text(box) && Number(box.dataset.revision) ? "saved" : "");
}

/* ---- what is typed ---- */

async function commit(box, source) {
  const typed = text(box), cell = box.dataset.cell;
  if (typed === box.dataset.text || !data.editable) { if (typed === box.dataset.text) store.dropDraft(cell); return; }
  if (standards.scanned(typed)) { show(box, box.dataset.text); store.dropDraft(cell); return; }
  await enter(box, typed, source);
}

/** Puts a text into the queue, with its reason when it corrects what is stored. */
async function enter(box, typed, source, given = "") {
  const cell = box.dataset.cell, before = box.dataset.text, waiting = queue.pending(cell);
  const base = Number(box.dataset.base ?? box.dataset.revision);
  delete box.dataset.base;
  if (!waiting) box.dataset.before = before;
  box.dataset.text = typed;
  state(box, "saving");
  strip(box, null);
  let why = given;
  if (!why && (base || waiting)) why = mine.has(cell) || waiting ? say("slip") : await ask.reason(say("correct", { name: box.dataset.name }), CORRECTIONS());
  if (why === null) { show(box, before); state(box, before ? "saved" : ""); store.dropDraft(cell); return false; }
  const entry = queue.add({ cell, text: typed, base, reason: base || waiting ? why : given, source });
  store.dropDraft(cell);
  done.push({ cell, text: before, entry });
  queue.flush();
  return true;
}

const grid = new Grid({
  commit,
  table: (key) => results.chart(key),
  escape(box) { const asked = questionAt(box)?.asked.status; if (asked === "guard") insist(box); return asked === "guard"; },
  enter(box) {
    if (text(box) !== box.dataset.text) return false;
    const asked = questionAt(box)?.asked.status;
    if (asked === "guard") take(box);
    if (asked === "conflict") box.closest("tr")?.nextElementSibling?.querySelector("button")?.click();
    return asked === "guard" || asked === "conflict";
  },
  async hold(box) {
    const answer = new Promise((resolve) => held.set(box.dataset.cell, resolve));
    const patience = new Promise((resolve) => { setTimeout(resolve, 1500, "late"); });
    await commit(box, "typed");
    if (!queue.pending(box.dataset.cell)) { held.delete(box.dataset.cell); return true; }
    const went = await Promise.race([answer, patience]);
    if (went !== "late") return went;
    held.delete(box.dataset.cell);
    strip(box, [words(say("unchecked"))]);
    return true;
  },
  typing(box) {
    if (text(box) === box.dataset.text) { delete box.dataset.base; store.dropDraft(box.dataset.cell); return; }
    box.dataset.base ??= box.dataset.revision;
    clearTimeout(box.timer);
    box.timer = setTimeout(() => { if (text(box) !== box.dataset.text) store.keepDraft(box.dataset.cell, { text: text(box), base: Number(box.dataset.base) }); }, 250);
  },
  async paste(filled) {
    const over = filled.filter(([box, value]) => Number(box.dataset.revision) && value !== box.dataset.text);
    const why = over.length ? await ask.reason(say("pasted", { count: over.length }), CORRECTIONS()) : "";
    if (why === null) return;
    for (const [box, value] of filled) {
      if (value === box.dataset.text) continue;
      show(box, value);
      box.dataset.text = box.dataset.before ?? "";
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
    const last = done.pop();
    if (!last) { toast(say("nothingToUndo")); return; }
    const box = boxes.get(last.cell), waiting = queue.pending(last.cell);
    if (waiting === last.entry && !waiting.tried && !waiting.sending) {
      queue.discard(waiting);
      show(box, last.text);
      state(box, last.text ? "saved" : "");
    } else {
      const now = box.dataset.text;
      show(box, last.text);
      box.dataset.text = now;
      if (await enter(box, last.text, "undo", say("undone"))) done.pop();
    }
    go(box);
  },
});

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
  box.dataset.before ??= box.dataset.text;
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
