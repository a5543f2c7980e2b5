// A survey on a phone: the list of rows, one of them open; nothing waits for the network.
import { Photos } from "./survey/photos.js";
import { Sender } from "./survey/sender.js";
import { nextSerial } from "./survey/serial.js";
import { newId } from "./worksheet/store.js";

const page = document.getElementById("survey"), data = JSON.parse(document.getElementById("survey-data").textContent);
const words = page.dataset, say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const list = document.getElementById("rows"), editor = document.getElementById("editor"), known = document.getElementById("known");
const boxes = [...editor.querySelectorAll("[data-field]")], headBoxes = [...document.querySelectorAll("[data-head]")];
const box = Object.fromEntries(boxes.map((one) => [one.dataset.field, one]));
const NOT_COPIED = ["last_number", "last_sticker", "note", "tag", "advice"];
const rows = new Map();
let head = data.head, headRevision = data.head_revision, openKey = "";

const sender = new Sender({ url: words.save, token: words.token, user: document.body.dataset.user, number: data.number, hooks: {
  outcome, network: (detail) => document.dispatchEvent(new CustomEvent("lims:network", { detail })), stopped } });
const photos = new Photos({ url: words.photos, token: words.token, owner: `${document.body.dataset.user}:${data.number}`, hooks: {
  kept: (photo, body) => { data.photos.push(body); drawPhotos(); }, refused: (photo, text) => { if (!sender.blocked) notice("bad", text); }, waiting: (count) => { document.getElementById("photo-wait").textContent = count ? say(words.photosWait, { count }) : ""; } } });

// ---- what stands here: the server's rows, and over them what this browser has not sent yet ----
data.rows.forEach((row) => rows.set(row.key, { ...row }));
for (const entry of sender.entries.values()) {
  if (entry.id === "head") head = entry.fields;
  else if (entry.removed) rows.delete(entry.id);
  else rows.set(entry.id, { key: entry.id, revision: entry.base ?? 0, position: entry.position, faults: {}, ...rows.get(entry.id), fields: entry.fields });
}
headBoxes.forEach((one) => { one.value = head[one.dataset.head] ?? ""; });

// ---- the list ----
const ordered = () => [...rows.values()].sort((a, b) => a.position - b.position);
const kindName = (code) => data.kinds[code] ?? "";
function line(row) {
  const item = document.createElement("li"), button = document.createElement("button");
  const faulty = Object.keys(row.faults ?? {}).length, waiting = sender.entries.has(row.key);
  button.type = "button"; button.dataset.open = row.key; button.className = "survey-row";
  button.append(part("b", row.fields.serial || "–"), part("span", row.fields.name || kindName(row.fields.kind) || words.noKind));
  button.append(part("span", [data.services[row.fields.last_service], row.fields.last_on || row.fields.valid_until].filter(Boolean).join(" "), "muted small"));
  const state = faulty ? ["t-bad", say(words.faults, { count: faulty })] : waiting ? ["t-warn", words.waiting] : ["t-ok", words.saved];
  button.append(part("span", state[1], `small ${state[0]}`));
  if (row.key === openKey) button.setAttribute("aria-current", "true");
  item.append(button);
  return item;
}
function part(tag, text, name = "") { return Object.assign(document.createElement(tag), { textContent: text, className: name }); }
function draw() {
  list.replaceChildren(...ordered().map(line));
  document.getElementById("count").textContent = say(words.count, { count: rows.size });
  document.getElementById("copy").disabled = !rows.size;
  const seen = new Set([...rows.values()].map((row) => key(row.fields)));
  const unseen = data.register.filter((one) => !seen.has(key(one)));
  known.hidden = !unseen.length;
  known.querySelector("ul").replaceChildren(...unseen.map((one) => {
    const item = document.createElement("li"), button = part("button", words.seen, "btn btn-outline btn-sm");
    button.type = "button"; button.dataset.take = one.id; button.setAttribute("aria-label", `${words.seen}: ${one.name} ${one.serial}`);
    item.append(part("b", one.serial), part("span", one.name), button);
    return item;
  }));
}
const plain = (text) => (text ?? "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
const key = (fields) => `${fields.kind}:${plain(fields.serial)}`;

// ---- one row open ----
function show(rowKey, { focus = "serial", select = true } = {}) {
  openKey = rowKey;
  const row = rows.get(rowKey);
  editor.hidden = !row;
  if (row) {
    boxes.forEach((one) => { one.value = row.fields[one.dataset.field] ?? ""; });
    document.getElementById("editor-title").textContent = say(words.row, { n: ordered().indexOf(row) + 1 });
    faults(row); drawPhotos();
    editor.scrollIntoView({ block: "start" });
    if (focus) { box[focus].focus(); if (select) box[focus].select?.(); }
  }
  draw();
}
function faults(row) {
  boxes.forEach((one) => {
    const text = row.faults?.[one.dataset.field] ?? "", told = document.getElementById(`${one.id}-e`);
    one.classList.toggle("is-invalid", Boolean(text)); one.toggleAttribute("aria-invalid", Boolean(text));
    told.hidden = !text; told.textContent = text;
  });
}
function keep(row) { sender.put(row.key, { fields: row.fields, base: row.revision, position: row.position }); }
function add(fields) {
  const row = { key: newId(), revision: 0, position: Math.max(0, ...[...rows.values()].map((one) => one.position)) + 1, fields, faults: {} };
  rows.set(row.key, row);
  if (fields.serial) keep(row);
  return row;
}
boxes.forEach((one) => one.addEventListener("input", () => {
  const row = rows.get(openKey);
  row.fields = { ...row.fields, [one.dataset.field]: one.value.trim() };
  keep(row);
  clearTimeout(draw.soon);
  draw.soon = setTimeout(draw, 200);
}));
// A serial of the register brings what is known of it.
box.serial.addEventListener("change", () => {
  const row = rows.get(openKey), found = data.register.filter((one) => plain(one.serial) === plain(row.fields.serial));
  if (found.length !== 1 || !plain(row.fields.serial)) return;
  const { id, ...fields } = found[0];
  row.fields = { ...fields, ...Object.fromEntries(Object.entries(row.fields).filter(([name, text]) => text && !["kind", "name"].includes(name))) };
  keep(row); show(row.key, { focus: "" });
});
headBoxes.forEach((one) => one.addEventListener("input", () => {
  head = Object.fromEntries(headBoxes.map((each) => [each.dataset.head, each.value.trim()]));
  sender.put("head", { fields: head, base: headRevision });
}));
// The date box completes short dates by itself and sets the value without an input event.
document.addEventListener("change", (event) => { if (event.target.matches("[data-field][data-date],[data-head][data-date]")) setTimeout(() => event.target.dispatchEvent(new Event("input"))); });

page.addEventListener("click", (event) => {
  const at = event.target.closest("button");
  if (!at) return;
  if (at.dataset.open && at.closest("#rows")) show(at.dataset.open, { focus: "" });
  if (at.dataset.take) {
    const { id, ...fields } = data.register.find((one) => String(one.id) === at.dataset.take);
    add(fields); draw();
  }
});
document.getElementById("add").addEventListener("click", () => show(add({}).key, { focus: "serial" }));
document.getElementById("copy").addEventListener("click", () => {
  const from = rows.get(openKey) ?? ordered().at(-1);
  const fields = Object.fromEntries(Object.entries(from.fields).filter(([name]) => !NOT_COPIED.includes(name)));
  let serial = nextSerial(from.fields.serial ?? "");
  const taken = new Set([...rows.values()].map((row) => plain(row.fields.serial)));
  while (taken.has(plain(serial)) && nextSerial(serial) !== serial) serial = nextSerial(serial);
  show(add({ ...fields, serial: taken.has(plain(serial)) ? "" : serial }).key);
});
document.getElementById("remove").addEventListener("click", () => {
  const row = rows.get(openKey);
  if (!row || !window.confirm(words.sure)) return;
  rows.delete(row.key);
  sender.put(row.key, { fields: row.fields, base: row.revision, removed: true });
  show("");
});
document.getElementById("close").addEventListener("click", () => show(""));
// Photographs of the row that is open, and of the visit: what was found stands beside its words.
for (const [id, rowOf] of [["photo", () => openKey], ["visit-photo", () => ""]]) document.getElementById(id).addEventListener("change", async (event) => {
  const files = [...event.target.files], row = rowOf();
  event.target.value = "";
  for (const file of files) await photos.add(row, file);
});
function drawPhotos() {
  for (const [id, row] of [["shots", openKey || null], ["visit-shots", ""]])
    document.getElementById(id).replaceChildren(...data.photos.filter((one) => one.row === row).map((one) => Object.assign(document.createElement("img"), { src: one.url, alt: words.photo, width: 96, height: 72 })));
}

// ---- answers of the server ----
function outcome(entry, answer) {
  if (entry.id === "head") {
    if (answer.revision) headRevision = answer.revision;
    if (answer.status === "conflict") ask(entry, answer, (theirs) => { head = theirs; headBoxes.forEach((one) => { one.value = theirs[one.dataset.head] ?? ""; }); });
    if (answer.status === "refused") notice("bad", answer.text);
    return;
  }
  const row = rows.get(entry.id);
  if (answer.status === "conflict") ask(entry, answer, (theirs) => { rows.set(entry.id, { ...(row ?? { key: entry.id, position: entry.position }), fields: theirs, revision: answer.revision, faults: {} }); });
  else if (answer.status === "refused") notice("bad", answer.text);
  else if (row) { row.revision = answer.revision; row.faults = answer.faults; if (row.key === openKey) faults(row); }
  draw();
}
function ask(entry, answer, take) {
  const told = notice("warn", say(words.conflict, { serial: entry.fields.serial ?? words.general, theirs: answer.theirs.serial ?? "" }));
  const mine = part("button", words.mine, "btn btn-sm btn-outline"), theirs = part("button", words.theirs, "btn btn-sm btn-outline");
  mine.type = theirs.type = "button";
  mine.addEventListener("click", () => { told.remove(); sender.rebase(entry.id, answer.revision); });
  theirs.addEventListener("click", () => { told.remove(); sender.drop(entry.id); take(answer.theirs); show(openKey, { focus: "" }); });
  told.append(mine, theirs);
}
function notice(state, text) {
  const place = document.getElementById("notices");
  [...place.children].find((one) => one.dataset.text === text)?.remove(); // said once
  const told = part("div", "", `alert alert-${state}`);
  told.dataset.text = text;
  told.setAttribute("role", state === "bad" ? "alert" : "status");
  told.append(part("span", text));
  place.append(told);
  return told;
}
function stopped({ signedOut, finished, text }) {
  const told = notice("bad", signedOut ? words.signedOut : text);
  // What could not be sent is offered to a further survey there (survey/left.js).
  if (finished) told.append(Object.assign(part("a", words.leftHere, "btn btn-sm btn-outline"), { href: words.show }));
}

// What is here goes out before the end of the survey is asked for.
document.getElementById("finish")?.addEventListener("click", async (event) => {
  if (!sender.waiting && !photos.waiting) return;
  event.preventDefault();
  const { href } = event.target.closest("a");
  await Promise.all([sender.flush(), photos.flush()]);
  const count = sender.waiting + photos.waiting;
  if (count) notice("warn", say(words.left, { count })).scrollIntoView({ block: "center" }); else location.assign(href);
});
addEventListener("online", () => { sender.flush(); photos.flush(); });
draw(); drawPhotos();
sender.flush();
photos.flush();
