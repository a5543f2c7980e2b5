// What the server has not acknowledged yet stays in this browser: a closed tab, a cut network, a crash lose nothing.
// Each entry has a key of its own, so that two tabs of one sheet never wipe out each other's; a person sees only their own.
export class Store {
  constructor(user, code) {
    this.prefix = `lims-cell:${user}:${code}:`;
    this.draftKey = `lims-typing:${user}:${code}`;
  }

  /** Entries left by this or an earlier tab, oldest first. */
  entries() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).sort()
      .map((key) => JSON.parse(localStorage.getItem(key)));
  }

  put(entry) {
    const { asked, ...plain } = entry; // an unanswered question is asked again after a reload
    this.#write(this.prefix + entry.id, plain);
  }

  drop(id) { localStorage.removeItem(this.prefix + id); }

  /** Half-typed texts: {cell: {text, base}}. */
  drafts() { return JSON.parse(localStorage.getItem(this.draftKey) ?? "{}"); }

  keepDraft(cell, draft) { this.#write(this.draftKey, { ...this.drafts(), [cell]: draft }); }

  dropDraft(cell) {
    const { [cell]: gone, ...others } = this.drafts();
    if (!gone) return;
    if (Object.keys(others).length) this.#write(this.draftKey, others);
    else localStorage.removeItem(this.draftKey);
  }

  #write(key, value) {
    // A full or forbidden storage must not stop the typing; the entry still goes out from memory.
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* kept in memory only */ }
  }
}

let made = 0;
/** A key that sorts by time. */
export const newId = () => `${String(Date.now()).padStart(15, "0")}-${String(made++).padStart(5, "0")}-${Math.random().toString(36).slice(2, 8)}`;
