// What this browser had not sent when somebody finished the survey: it goes to a further survey of the enterprise, or is
// given up by whoever sees it. It leaves this browser only when the other survey has its place here.
import { Store } from "../worksheet/store.js";
import { forget, handOver, photosOf } from "./photos.js";

const box = document.getElementById("left"), { user } = document.body.dataset, { number, url, token } = box.dataset;
const store = new Store(user, `survey:${number}`), owner = `${user}:${number}`;
const entries = store.entries();
entries.filter((entry) => entry.removed).forEach((entry) => store.drop(entry.id));
const kept = entries.filter((entry) => !entry.removed);
const say = (text) => { box.querySelector("p").textContent = text; };

const count = kept.length + (await photosOf(owner).catch(() => [])).length;
if (count) { say(box.dataset.text.replace("{count}", count)); box.hidden = false; }

box.querySelector("[data-move]").addEventListener("click", async () => {
  const response = await fetch(url, { method: "POST", credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": token } }).catch(() => null);
  const to = response?.ok ? await response.json().catch(() => null) : null;
  if (!to) { say(box.dataset.failed); return; }
  const other = new Store(user, `survey:${to.number}`);
  // In a survey that others write too, the findings of this one are asked about, not put over theirs.
  for (const entry of kept) { other.put({ ...entry, base: entry.id === "head" && to.fresh ? to.version : 0 }); store.drop(entry.id); }
  await handOver(owner, `${user}:${to.number}`, kept.map((entry) => entry.id));
  location.assign(to.url);
});
box.querySelector("[data-forget]").addEventListener("click", async () => {
  if (!window.confirm(box.dataset.sure)) return;
  kept.forEach((entry) => store.drop(entry.id));
  await forget(owner);
  box.hidden = true;
});
