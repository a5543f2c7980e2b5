// Photographs wait in the browser's database until the server has them: a cut network or a closed tab loses none.
const open = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open("lims-survey", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "mark" });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
const act = async (mode, what) => {
  const base = await open();
  try {
    return await new Promise((resolve, reject) => {
      const done = what(base.transaction("photos", mode).objectStore("photos"));
      done.onsuccess = () => resolve(done.result);
      done.onerror = () => reject(done.error);
    });
  } finally { base.close(); }
};

/** Photographs of one survey (owner: user and its number) that wait in this browser. */
export const photosOf = async (owner) => (await act("readonly", (store) => store.getAll())).filter((one) => one.owner === owner);

/** They belong to another survey from now on; those of rows that do not go with them are of the visit. */
export async function handOver(owner, to, rows) {
  for (const photo of await photosOf(owner)) await act("readwrite", (store) => store.put({ ...photo, owner: to, row: rows.includes(photo.row) ? photo.row : "" }));
}

export async function forget(owner) {
  for (const photo of await photosOf(owner)) await act("readwrite", (store) => store.delete(photo.mark));
}

export class Photos {
  /** hooks: kept(photo, {id, url}), waiting(how many), refused(photo, text). */
  constructor({ url, token, owner, hooks }) { Object.assign(this, { url, token, owner, hooks, busy: null, waiting: 0 }); }

  async add(row, file) {
    const mark = `p-${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
    await act("readwrite", (store) => store.put({ mark, owner: this.owner, row, file }));
    await this.flush();
  }

  flush() {
    this.busy ??= this.#run().finally(() => { this.busy = null; });
    return this.busy;
  }

  async #run() {
    clearTimeout(this.timer);
    for (const photo of await photosOf(this.owner)) {
      const form = new FormData();
      form.set("photo", photo.file, "photo"); form.set("row", photo.row); form.set("mark", photo.mark);
      let response = null;
      try {
        response = await fetch(this.url, { method: "POST", body: form, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": this.token } });
      } catch { /* no way through */ }
      const body = await response?.json().catch(() => null);
      if (response?.ok) this.hooks.kept(photo, body);
      else if (response && [413, 422].includes(response.status)) this.hooks.refused(photo, body?.detail || body?.title || "");
      else if (response?.status === 409) { this.hooks.refused(photo, body?.detail || body?.title || ""); break; } // the picture is good: it stays here
      else { this.timer = setTimeout(() => this.flush(), 5000); break; }
      await act("readwrite", (store) => store.delete(photo.mark));
    }
    this.waiting = (await photosOf(this.owner)).length;
    this.hooks.waiting(this.waiting);
  }
}
