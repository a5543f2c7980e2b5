// Reception: suggest the customer, recognise instruments by serial, add lines by scanning or pasting.
const form = document.getElementById("reception");
const lines = document.getElementById("items");
const byKind = JSON.parse(document.getElementById("procedures").textContent);
const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
const get = async (url, query) => (await fetch(`${url}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } })).json();
const all = () => [...lines.querySelectorAll("[data-line]")];
const box = (line, name) => line.querySelector(`[name$="-${name}"]`);

// ---- the customer ----
const customer = form.elements.customer, customerId = form.elements.customer_id;
const hint = document.getElementById(`${customer.id}-h`), fresh = document.getElementById("new-customer");
let known = [], waiting = 0;
customer.addEventListener("input", () => {
  const exact = known.find((c) => customer.value === `${c.code} · ${c.name}`);
  if (exact) { choose(exact); return; }
  customerId.value = ""; fresh.hidden = false; hint.textContent = form.dataset.newText;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    known = customer.value.trim() ? await get(form.dataset.suggest, { q: customer.value }) : [];
    document.getElementById("customers").replaceChildren(...known.map((c) => Object.assign(document.createElement("option"), { value: `${c.code} · ${c.name}`, label: c.address })));
    // Whoever types the whole name means that customer, however late the answer comes.
    const named = known.find((c) => c.name.toLowerCase() === customer.value.trim().toLowerCase());
    if (named) choose(named);
  }, 120);
});
customer.addEventListener("change", () => { if (!customerId.value && known.length === 1) choose(known[0]); });
function choose(found) {
  customerId.value = found.id; customer.value = found.name; fresh.hidden = true;
  hint.textContent = say(form.dataset.chosenText, found);
}

// ---- what is asked for depends on the kind ----
const byItself = new WeakSet(); // lists in which the only work for a kind was chosen by the page; another kind asks anew
function offer(line) {
  const select = box(line, "procedure_id"), kind = box(line, "kind"), chosen = select.value;
  const options = byKind[kind.value] || [];
  for (const option of select.options) option.hidden = Boolean(option.value) && Boolean(kind.value) && !options.some((o) => o.id === option.value);
  if (chosen && select.selectedOptions[0].hidden) select.value = "";
  if (!select.value && options.length === 1) { select.value = options[0].id; byItself.add(select); }
  const asked = Object.values(byKind).flat().find((o) => o.id === select.value);
  const regime = box(line, "regime"), legal = asked?.service === "verification";
  regime.disabled = !legal;
  if (legal && !regime.value) regime.value = "periodic";
  if (!legal) regime.value = "";
  line.querySelector("[data-regime-reason]").hidden = regime.value !== "after_repair";
  line.querySelector("[data-regime-note]").hidden = !["after_repair", "counter", "other"].includes(regime.value);
  const name = box(line, "name");
  if (!name.value && kind.value) name.value = kind.selectedOptions[0].textContent;
}

// ---- a known instrument is recognised by its serial, asked for once ----
const asked = new WeakMap(); // line -> what was asked, and its answer
const question = (line) => `${box(line, "serial").value.trim()}\n${customerId.value}`;
function recognise(line) {
  const before = asked.get(line);
  if (before?.question === question(line)) return before.answer;
  const serial = box(line, "serial").value.trim(), now = { question: question(line) };
  asked.set(line, now);
  // The answer may have chosen the customer: asked again, the question is still the same.
  now.answer = look(line, serial).finally(() => { if (box(line, "serial").value.trim() === serial) now.question = question(line); });
  return now.answer;
}
async function look(line, serial) {
  const note = line.querySelector("[data-recognised]");
  box(line, "instrument_id").value = ""; note.hidden = true;
  if (!serial) return;
  const found = await get(form.dataset.recognise, { serial, ...(customerId.value ? { customer: customerId.value } : {}) });
  if (found.length !== 1 || box(line, "serial").value.trim() !== serial) return;
  const row = found[0];
  if (!customerId.value && !customer.value) choose({ id: row.customer_id, name: row.customer, code: row.customer });
  if (String(row.customer_id) !== customerId.value) return;
  box(line, "instrument_id").value = row.id;
  for (const key of ["kind", "name", "maker", "model", "tag"]) box(line, key).value = row[key];
  offer(line);
  if (row.procedure_id && [...box(line, "procedure_id").options].some((o) => o.value === String(row.procedure_id))) box(line, "procedure_id").value = row.procedure_id;
  offer(line);
  note.textContent = say(form.dataset.knownText, { name: `${row.name} ${row.serial}` }); note.hidden = false;
}

// ---- lines ----
const copied = new WeakMap(); // line -> maker and model taken over from the line before: they mean nothing for another kind
function forgetCopied(line) {
  for (const [name, value] of copied.get(line) || []) if (box(line, name).value === value) box(line, name).value = "";
  copied.delete(line);
}
function add(like, serial = "") {
  const line = like.cloneNode(true);
  line.querySelectorAll(".invalid-feedback").forEach((e) => e.remove());
  line.querySelectorAll(".is-invalid").forEach((e) => e.classList.remove("is-invalid"));
  line.querySelector("[data-recognised]").hidden = true;
  for (const input of line.querySelectorAll("input, select")) {
    const from = like.querySelector(`[name="${input.name}"]`);
    if (/-(serial|instrument_id|tag)$/.test(input.name)) input.value = ""; else if (from) input.value = from.value;
  }
  lines.append(line); number();
  copied.set(line, new Map(["maker", "model"].map((name) => [name, box(line, name).value])));
  if (byItself.has(box(like, "procedure_id"))) byItself.add(box(line, "procedure_id"));
  box(line, "serial").value = serial; offer(line);
  return line;
}
function number() {
  all().forEach((line, index) => {
    line.querySelector(".item-n").textContent = index + 1;
    for (const part of line.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace(/items-\d+-/g, `items-${index}-`));
      }
    }
  });
}

lines.addEventListener("change", (e) => {
  const line = e.target.closest("[data-line]");
  if (e.target === box(line, "serial")) recognise(line);
  const work = box(line, "procedure_id");
  if (e.target === box(line, "kind")) { box(line, "name").value = ""; forgetCopied(line); if (byItself.delete(work)) work.value = ""; offer(line); }
  if (e.target === box(line, "regime")) offer(line);
  if (e.target === work) { byItself.delete(work); offer(line); }
});
lines.addEventListener("keydown", async (e) => {
  const line = e.target.closest("[data-line]");
  if (e.key === "Enter" && !e.ctrlKey && e.target === box(line, "serial")) {
    e.preventDefault();
    const serial = e.target;
    if (!serial.value.trim()) return;
    await recognise(line);
    const missing = ["kind", "procedure_id"].map((name) => box(line, name)).find((input) => !input.value);
    if (missing) missing.focus(); else box(add(line), "serial").focus();
  }
});
form.addEventListener("keydown", (e) => {
  if (e.ctrlKey && e.key === "ArrowDown") { e.preventDefault(); box(add(all().at(-1)), "serial").focus(); }
});
lines.addEventListener("paste", (e) => {
  const line = e.target.closest("[data-line]");
  if (e.target !== box(line, "serial")) return;
  const serials = e.clipboardData.getData("text").split(/[\r\n\t;]+/).map((s) => s.trim()).filter(Boolean);
  if (serials.length < 2) return;
  e.preventDefault();
  box(line, "serial").value = serials[0]; recognise(line);
  serials.slice(1).forEach((serial) => recognise(add(line, serial)));
});
lines.addEventListener("click", (e) => {
  if (!e.target.closest("[data-remove]") || all().length === 1) return;
  e.target.closest("[data-line]").remove(); number();
});
document.getElementById("add-line").addEventListener("click", () => box(add(all().at(-1)), "serial").focus());
// What is typed last is recognised too before the form goes; a last line left empty by scanning is no instrument.
let ready = false;
form.addEventListener("submit", async (e) => {
  if (ready) return;
  e.preventDefault();
  const last = all().at(-1);
  if (all().length > 1 && !box(last, "serial").value.trim()) last.remove();
  await Promise.allSettled(all().map(recognise));
  ready = true;
  form.requestSubmit();
});
addEventListener("pageshow", () => { ready = false; });
all().forEach(offer);
// A form that came back with its customer chosen says so again.
if (customerId.value) choose({ id: customerId.value, name: customer.value, code: customer.value });
// So is what was recognised: what was typed over it since is not fetched from the register again.
for (const line of all()) if (box(line, "instrument_id").value) asked.set(line, { question: question(line), answer: Promise.resolve() });
