// What was entered stays in this browser until the server has answered for it; see worksheet/store.js. One entry a row:
// what is entered while it is under way follows with the revision that came back.
import { Store } from "../worksheet/store.js";

const TIMEOUT_MS = 15000, LONGEST_PAUSE_MS = 10000, AT_ONCE = 50;

export class Sender {
  /** hooks: outcome(entry, outcome), network(detail), stopped(problem). */
  constructor({ url, token, user, number, hooks }) {
    Object.assign(this, { url, token, hooks, busy: null, pause: 0 });
    this.store = new Store(user, `survey:${number}`);
    this.entries = new Map(this.store.entries().map((entry) => [entry.id, entry]));
  }

  get waiting() { return this.entries.size; }

  /** Keeps the newest state of a row; `base` is the revision it was made on. */
  put(id, change) {
    const last = this.entries.get(id);
    const entry = { ...change, id, base: last ? last.base : change.base, stamp: (last?.stamp ?? 0) + 1 };
    this.entries.set(id, entry);
    this.store.put(entry);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.flush(), 500);
  }

  drop(id) { this.entries.delete(id); this.store.drop(id); }

  /** The entry goes out again on what the server holds now. */
  rebase(id, revision) {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.base = revision; entry.asked = false;
    this.store.put(entry);
    this.flush();
  }

  flush() {
    this.busy ??= this.#run().finally(() => { this.busy = null; });
    return this.busy;
  }

  async #run() {
    clearTimeout(this.timer);
    for (;;) {
      const batch = [...this.entries.values()].filter((entry) => !entry.asked).slice(0, AT_ONCE);
      if (!batch.length || this.blocked) { if (!this.entries.size) this.hooks.network({ state: "online", saved: Date.now() }); return; }
      const sent = batch.map((entry) => ({ id: entry.id, stamp: entry.stamp }));
      if (!await this.#send(batch, sent)) { this.#wait(); return; }
      this.pause = 0;
    }
  }

  async #send(batch, sent) {
    let response;
    try {
      response = await fetch(this.url, {
        method: "POST", credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ entries: batch.map(({ id, base, fields, removed, position }) => ({ key: id, base: base ?? 0, fields, removed: Boolean(removed), position: position ?? 0 })) }),
      });
    } catch { return false; }
    if (!response.ok) return this.#refused(response);
    const body = await response.json().catch(() => null);
    if (!body) return false;
    sent.forEach(({ id, stamp }, at) => this.#settle(id, stamp, body.outcomes[at]));
    return true;
  }

  #settle(id, stamp, outcome) {
    const entry = this.entries.get(id);
    if (outcome.status === "saved") {
      if (entry.stamp === stamp) this.drop(id);
      else { entry.base = outcome.revision; this.store.put(entry); }
    } else entry.asked = true;
    this.hooks.outcome(entry, outcome);
  }

  async #refused(response) {
    if (response.status >= 500 || response.status === 429) return false;
    this.blocked = true;
    const problem = await response.json().catch(() => ({}));
    this.hooks.stopped({ signedOut: response.type === "opaqueredirect" || response.status === 401, finished: response.status === 409, text: problem.detail || problem.title || "" });
    return false;
  }

  #wait() {
    this.hooks.network({ state: navigator.onLine ? "waiting" : "offline", waiting: this.entries.size });
    if (this.blocked) return;
    this.pause = Math.min(LONGEST_PAUSE_MS, this.pause ? this.pause * 2 : 1000);
    this.timer = setTimeout(() => this.flush(), this.pause);
  }
}
