// What is typed into form[data-draft] outlives an expired session, a closed lid, a wrong click: it is kept in this tab's
// storage until it was sent and another page of ours came back. Nobody else's draft is offered; signing out forgets all.
import { clock, say } from "./words.js";

const PREFIX = "lims-draft:";
const NEVER = ["password", "hidden", "file", "submit", "button", "reset", "image"];
const here = () => `${PREFIX}${document.body.dataset.user ?? ""}:${location.pathname}${location.search}#`;

const all = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const read = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");
const write = (key, draft) => {
  // A full or forbidden storage must not stop the typing itself.
  try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { /* nothing kept */ }
};

/** Forgets every draft of this tab. */
export function forgetDrafts() {
  all().forEach((key) => sessionStorage.removeItem(key));
}

const controls = (form) => [...form.elements].filter((one) => one.name && !NEVER.includes(one.type) && !("noDraft" in one.dataset));
const value = (one) => {
  if (one.type === "checkbox" || one.type === "radio") return one.checked;
  return one.multiple ? [...one.selectedOptions].map((option) => option.value) : one.value;
};
const fields = (form) => controls(form).map((one) => [one.name, value(one)]);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function put(one, kept) {
  if (one.type === "checkbox" || one.type === "radio") one.checked = kept;
  else if (one.multiple) [...one.options].forEach((option) => { option.selected = kept.includes(option.value); });
  else one.value = kept;
}

function restore(form, kept) {
  // A page with rows made by script listens and makes them before the values come.
  form.dispatchEvent(new CustomEvent("lims:draft", { bubbles: true, detail: { fields: kept } }));
  const waiting = new Map();
  kept.forEach(([name, was]) => waiting.set(name, [...(waiting.get(name) ?? []), was]));
  for (const one of controls(form)) {
    const queue = waiting.get(one.name);
    if (!queue?.length) continue;
    const was = queue.shift();
    if (same(was, value(one))) continue;
    put(one, was);
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function notice(form, draft, initial, key) {
  const box = Object.assign(document.createElement("div"), { className: "alert alert-warn draft-notice" });
  box.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = say(draft.interrupted ? "draftResend" : "draftRestored", { time: clock(draft.at) });
  const discard = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-outline" });
  discard.textContent = say("draftDiscard");
  discard.addEventListener("click", () => { restore(form, initial); sessionStorage.removeItem(key); box.remove(); });
  box.append(text, discard);
  form.before(box);
}

function watch(form, at) {
  const key = here() + (form.id || form.getAttribute("name") || at);
  const initial = fields(form);
  const draft = read(key);
  if (draft && !form.querySelector(".is-invalid") && !same(draft.fields, initial)) {
    restore(form, draft.fields);
    notice(form, draft, initial, key);
  } else sessionStorage.removeItem(key);

  const keep = (sent) => {
    const now = fields(form);
    if (same(now, initial) && !sent) sessionStorage.removeItem(key);
    else write(key, { at: Date.now(), fields: now, sent });
  };
  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 300, false); });
  form.addEventListener("submit", (event) => { clearTimeout(timer); if (!event.defaultPrevented) keep(true); });
  addEventListener("pagehide", () => { if (timer && !read(key)?.sent) keep(false); });
}

// A sent draft has arrived when a page of ours follows; entrance and error pages (data-keep-drafts) say that it has not.
const undone = "keepDrafts" in document.body.dataset || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
for (const key of all()) {
  const draft = read(key);
  if (!draft?.sent) continue;
  if (undone) write(key, { ...draft, interrupted: true });
  else if (!draft.interrupted) sessionStorage.removeItem(key);
}
document.querySelectorAll("form[data-draft]").forEach(watch);
document.addEventListener("submit", (event) => { if ("forget" in event.target.dataset) forgetDrafts(); });
