// What the server asks back about an entry: a dot with two meanings, a reading far off, a missing reason, two values.
import * as ask from "./ask.js";
import { bold, keyed, press, show, state, strip, text, words } from "./cells.js";
import { go, goOn } from "./grid.js";
import { say } from "./words.js";

export const CORRECTIONS = () => [say("slip"), say("reread"), say("wrongCell"), say("retry")];
export const FAILURES = () => [say("damaged"), say("zero"), say("unreadable"), say("outOfLimits")];
const KEPT = () => [say("checked"), say("large")];

export class Questions {
  constructor(queue, store) { Object.assign(this, { queue, store }); }

  /** The unanswered question at a box, if any: "guard", "conflict", … */
  at(box) { return this.#entry(box)?.asked.status; }

  put(entry, box, answer) {
    ({ refused: () => this.#refused(entry, box, answer), ambiguous: () => this.#ambiguous(entry, box, answer),
      guard: () => this.#guard(entry, box, answer), reason: () => this.#unexplained(entry, box, answer),
      conflict: () => this.#conflict(entry, box, answer) })[answer.status]();
  }

  /** The suggestion of the guard is what was meant. */
  take(box) {
    const entry = this.#entry(box), meant = entry.asked.suggestion;
    if (!meant) { this.insist(box); return; }
    this.queue.discard(entry);
    strip(box, null);
    show(box, meant);
    this.queue.add({ cell: entry.cell, text: meant, base: entry.base, reason: entry.reason, source: entry.source, before: entry.before });
    this.queue.flush();
    goOn();
  }

  /** The reading is far off, and right. */
  async insist(box) {
    const entry = this.#entry(box);
    const why = await ask.reason(say("keep", { text: entry.text }), KEPT());
    if (!why) { go(box); return; }
    strip(box, null);
    this.queue.answer(entry, { confirmed: true, reason: why });
    goOn();
  }

  #entry(box) { return this.queue.questions.find((entry) => entry.cell === box.dataset.cell); }

  /** The text stays in its box with the reason; nothing was stored. */
  #refused(entry, box, answer) {
    this.queue.discard(entry);
    this.store.keepDraft(entry.cell, { text: entry.text, base: entry.base });
    state(box, "refused");
    strip(box, [bold(answer.message)], true);
  }

  async #ambiguous(entry, box, answer) {
    state(box, "guard");
    if (this.asking) return; // one answer settles every cell of the sheet
    this.asking = true;
    const meaning = await ask.dot(entry.text, answer.candidates);
    this.asking = false;
    const asked = this.queue.questions.filter((one) => one.asked.status === "ambiguous");
    if (!meaning) {
      if (entry.asked === answer) { this.#revert(entry, box, answer.now); go(box); } // else typed anew as the dialog closed
      return;
    }
    this.queue.dotMeans = meaning;
    asked.forEach((one) => this.queue.answer(one, {}));
    goOn();
  }

  #guard(entry, box, answer) {
    state(box, "guard");
    const parts = [bold(answer.message)];
    if (answer.suggestion) parts.push(keyed("Enter", say("pressEnter")));
    parts.push(keyed("Esc", say("pressEsc")));
    if (answer.suggestion) parts.push(press(say("take", { text: answer.suggestion }), () => this.take(box)));
    strip(box, [...parts, press(say("keep", { text: entry.text }), () => this.insist(box))]);
  }

  async #unexplained(entry, box, answer) {
    const failed = answer.code === "failed_check";
    const why = await ask.reason(say(failed ? "failed" : "correct", { name: box.dataset.name }), failed ? FAILURES() : CORRECTIONS());
    if (entry.asked !== answer) return; // typed anew as the dialog closed
    if (why) this.queue.answer(entry, { reason: why }); else this.#revert(entry, box, answer.now);
  }

  #conflict(entry, box, answer) {
    state(box, "conflict");
    const theirs = answer.now ?? { text: "", by: "", at: "", revision: 0 }, shown = (value) => value || say("empty");
    strip(box, [bold(say("twoValues", { mine: shown(entry.text), theirs: shown(theirs.text) })), words(`${theirs.by} · ${theirs.at}`), press(say("choose"), () => this.#settle(entry, box, theirs))], true);
  }

  async #settle(entry, box, theirs) {
    const kept = await ask.choose(entry.text, theirs);
    if (!kept) return;
    const [value, other] = kept === "mine" ? [entry.text, theirs.text] : [theirs.text, entry.text];
    strip(box, null);
    show(box, value);
    this.queue.answer(entry, { text: value, base: theirs.revision, source: "conflict", reason: say("chosen", { kept: value || say("empty"), other: other || say("empty") }) });
  }

  #revert(entry, box, now) {
    this.queue.discard(entry);
    this.store.dropDraft(entry.cell);
    strip(box, null);
    show(box, now?.text ?? "");
    state(box, text(box) ? "saved" : "");
  }
}
