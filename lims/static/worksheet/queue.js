// Sends entries in order, one request at a time, until the server has answered for each. An entry that was sent without an
// answer is never changed: what is typed afterwards follows it, so that the server can recognise what it has already kept.
import { newId } from "./store.js";

const TIMEOUT_MS = 10000, LONGEST_PAUSE_MS = 10000;

export class Queue {
  /** hooks: outcome(entry, outcome), state(entry, name), reply(body), network(detail), stopped(problem). */
  constructor({ url, token, store, seen, hooks }) {
    Object.assign(this, { url, token, store, seen, hooks, entries: [], busy: null, pause: 0, dotMeans: "" });
    this.entries = store.entries();
    this.entries.forEach((entry) => { entry.tried = true; });
  }

  /** The newest entry of a cell that is not acknowledged, if any. */
  pending(cell) { return this.entries.findLast((entry) => entry.cell === cell); }

  get questions() { return this.entries.filter((entry) => entry.asked); }

  add(change) {
    const last = this.pending(change.cell);
    if (last && !last.tried && !last.sending) {
      Object.assign(last, { text: change.text, source: change.source, reason: last.base ? change.reason || last.reason : change.reason, confirmed: false, asked: null });
      this.store.put(last);
      return last;
    }
    const entry = { id: newId(), confirmed: false, reason: "", source: "typed", ...change, base: last ? null : change.base };
    this.entries.push(entry);
    this.store.put(entry);
    return entry;
  }

  /** An answered question: the entry goes out again, changed. */
  answer(entry, changes) {
    Object.assign(entry, changes, { asked: null });
    this.store.put(entry);
    this.flush();
  }

  discard(entry) {
    this.entries = this.entries.filter((one) => one !== entry);
    this.store.drop(entry.id);
  }

  /** Resolves when everything that can be sent was answered, or when the way is blocked. */
  flush() {
    this.busy ??= this.#run().finally(() => { this.busy = null; });
    return this.busy;
  }

  /** Ask what others have written meanwhile. */
  async sync() { if (!this.busy && !this.entries.length) await this.#send([]).catch(() => false); }

  async #run() {
    clearTimeout(this.timer);
    for (;;) {
      const batch = this.#ready();
      if (!batch.length) { if (!this.entries.length) this.hooks.network({ state: "online", saved: Date.now() }); return; }
      batch.forEach((entry) => { entry.sending = true; this.hooks.state(entry, "saving"); });
      let went = false;
      try { went = await this.#send(batch); } finally { batch.forEach((entry) => { entry.sending = false; }); }
      if (!went) { this.#wait(batch); return; }
      this.pause = 0;
    }
  }

  #ready() {
    const cells = new Set();
    return this.entries.filter((entry) => !cells.has(entry.cell) && cells.add(entry.cell)).filter((entry) => !entry.asked && !this.blocked);
  }

  async #send(batch) {
    const cells = batch.map(({ cell, text, base, reason, confirmed, source }) => ({ cell, text, base_revision: base ?? 0, reason, confirmed, source }));
    let response;
    try {
      response = await fetch(this.url, {
        method: "POST", credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ cells, seen: this.seen, ...(this.dotMeans && { dot_means: this.dotMeans }) }),
      });
    } catch { return false; }
    if (!response.ok) return this.#refused(response);
    const body = await response.json().catch(() => null);
    if (!body) return false;
    this.seen = body.seen;
    batch.forEach((entry, at) => this.#settle(entry, body.outcomes[at]));
    this.hooks.reply(body);
    return true;
  }

  #settle(entry, outcome) {
    if (outcome.status === "saved") {
      this.discard(entry);
      const next = this.entries.find((one) => one.cell === entry.cell);
      if (next && next.base === null) { next.base = outcome.now ? outcome.now.revision : 0; this.store.put(next); }
    } else {
      entry.asked = outcome;
      entry.tried = false; // nothing was written: it may be changed freely
    }
    this.hooks.outcome(entry, outcome);
  }

  async #refused(response) {
    if (response.status >= 500 || response.status === 429) return false;
    this.blocked = true;
    const problem = await response.json().catch(() => ({}));
    this.hooks.stopped({ signedOut: response.type === "opaqueredirect" || response.status === 401, text: problem.detail || problem.title || "" });
    return false;
  }

  #wait(batch) {
    batch.forEach((entry) => { entry.tried = true; this.store.put(entry); });
    this.entries.forEach((entry) => { if (!entry.asked) this.hooks.state(entry, "waiting"); });
    this.hooks.network({ state: navigator.onLine ? "waiting" : "offline", waiting: this.entries.length });
    if (this.blocked) return;
    this.pause = Math.min(LONGEST_PAUSE_MS, this.pause ? this.pause * 2 : 1000);
    this.timer = setTimeout(() => this.flush(), this.pause);
  }
}
