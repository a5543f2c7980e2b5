// Scanning works on every page. A keyboard-wedge scanner is faster than any hand: outside a field its code is led to the
// search field; inside a field that does not want it (data-scan names kinds that do) the field gets back what stood there
// and the named object opens. Before anything opens, "lims:scan" on document offers the code to the page; preventDefault()
// says that the page took it. Some scanners send "\n" as text instead of a key: that ends a code just the same.
import "./palette.js";

const form = document.getElementById("scan-form"), input = document.getElementById("scan");
const GAP_MS = 35, ENOUGH = 4, IN_FIELD = 6;

/** Offers a code to the page; true when the page took it. */
export const offer = (code) => !document.dispatchEvent(new CustomEvent("lims:scan", { cancelable: true, detail: { code } }));

const wanted = (field) => field === input || "scan" in field.dataset;
const texts = (field) => field.matches("textarea") || (field.matches("input") && !/^(password|file|date|number|checkbox|radio)$/.test(field.type));

/** Whether a burst looks like a code and not like a number or a sentence typed by a program. */
export const codeLike = (text) => text.length >= IN_FIELD && !/\s/.test(text) && (/^\d{8,}$/.test(text) || (/\d/.test(text) && /[^\d.,+-]/.test(text)) || /^\d+-\d+/.test(text));

let burst = "", last = 0, before = null;

/** What the code names on the server; null when it names nothing or nobody answers. */
async function named(code) {
  try {
    const reply = await fetch(`${form.dataset.scanAt}?q=${encodeURIComponent(code)}`, { credentials: "same-origin", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(3000) });
    const found = reply.ok ? await reply.json() : {};
    return found.url ? found : null;
  } catch { return null; }
}

/** A code that came while a field had the cursor: opened when it names something, else left as typed. */
async function inField(field, code, stood) {
  const text = field.value;
  if (offer(code)) { give(field, stood); return; }
  const found = await named(code);
  if (found) { give(field, stood); location.assign(found.url); return; }
  field.value = text;
  if (field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true })) && field.form && !field.matches("textarea")) field.form.requestSubmit();
}

function give(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function wedge(event) {
  if (!event.isTrusted || event.ctrlKey || event.altKey || event.metaKey) return;
  const field = event.target.matches?.("input, textarea, select, [contenteditable]") ? event.target : null;
  const fast = event.timeStamp - last < GAP_MS;
  if (event.key === "Enter") {
    const code = fast ? burst : "";
    burst = "";
    if (!field || !before || before.field !== field || wanted(field) || !codeLike(code)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    inField(field, code, before.value);
    return;
  }
  if (event.key.length !== 1) return;
  if (!fast) before = field && texts(field) ? { field, value: field.value } : null;
  burst = fast ? burst + event.key : event.key;
  last = event.timeStamp;
  if (field || document.querySelector("dialog[open]") || burst.length < ENOUGH) return;
  event.preventDefault();
  input.value = burst;
  input.focus();
}

/** "AB-12\n" pasted or inserted as one text is a scan with its Enter. */
function asText(event) {
  const text = event.type === "paste" ? event.clipboardData.getData("text") : event.data ?? "";
  if (!/^\S{4,200}\r?\n$/.test(text)) return;
  const field = event.target, code = text.trim();
  if (field.closest?.("[data-cell]") && !codeLike(code)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (field === input || "scan" in (field.dataset ?? {})) {
    give(field, code);
    if (field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }))) field.form?.requestSubmit();
  } else if (field.matches?.("input, textarea") && texts(field)) {
    const stood = field.value;
    field.value = stood + code;
    inField(field, code, stood);
  } else { input.value = code; form.requestSubmit(); }
}

if (form) {
  document.addEventListener("keydown", wedge, true);
  document.addEventListener("paste", asText, true);
  document.addEventListener("beforeinput", asText, true);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); input.focus(); input.select(); }
  });
  form.addEventListener("submit", (event) => {
    const code = input.value.trim();
    if (!code) { event.preventDefault(); return; }
    if (offer(code)) { event.preventDefault(); input.value = ""; }
  });
}
