// The boxes of the sheet: what each shows, its state, and the strip of words below it.
import { say } from "./words.js";

/** Every box by its key. */
export const boxes = new Map();

export const field = (box) => box.querySelector("input, select");
const isCheck = (box) => box.classList.contains("cell-check");

/** Takes up the boxes of the page, again after a part of it was drawn anew; returns those that are new. */
export function collect() {
  const all = [...document.querySelectorAll("#sheet [data-cell]")], fresh = all.filter((box) => box.dataset.text === undefined);
  boxes.clear();
  all.forEach((box) => boxes.set(box.dataset.cell, box));
  fresh.forEach((box) => {
    box.dataset.text = box.dataset.kept = isCheck(box) ? box.dataset.value : field(box).value;
    box.dataset.name = field(box)?.getAttribute("aria-label") ?? box.closest(".field")?.querySelector("label")?.textContent.trim() ?? box.getAttribute("aria-label");
  });
  return fresh;
}

/** What stands in the box, typed or chosen. */
export const text = (box) => (isCheck(box) ? box.dataset.value : field(box).value.trim());

export function show(box, value) {
  box.dataset.text = value;
  if (isCheck(box)) {
    box.dataset.value = value;
    box.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === value)));
  } else field(box).value = value;
}

export function state(box, name) {
  box.dataset.state = name;
  const input = field(box);
  if (input?.hasAttribute("aria-label")) input.setAttribute("aria-label", name ? `${box.dataset.name}, ${say(name)}` : box.dataset.name);
  if (input) input.setAttribute("aria-invalid", String(["refused", "conflict", "guard"].includes(name)));
}

/** What the server holds of a cell. The box itself is left alone while somebody is typing in it. */
export function keep(box, now, { busy = false } = {}) {
  box.dataset.revision = now.revision;
  box.dataset.kept = now.text;
  box.title = [`${now.by} · ${now.at}`, now.reason].filter(Boolean).join(" · ");
  if (busy) return;
  show(box, now.text);
  state(box, now.text ? "saved" : "");
  strip(box, null);
}

/** The strip under a box: `parts` are texts and elements, null takes it away. */
export function strip(box, parts, bad = false) {
  const id = `strip-${box.dataset.cell}`;
  document.getElementById(id)?.remove();
  if (!parts) return;
  const inner = Object.assign(document.createElement("div"), { className: "strip-in" });
  inner.append(...parts);
  const row = box.closest("tr");
  let outer;
  if (row) {
    outer = document.createElement("tr");
    const cell = outer.insertCell();
    cell.colSpan = row.cells.length;
    cell.append(inner);
    row.after(outer);
  } else {
    outer = document.createElement("div");
    outer.append(inner);
    (box.closest("[data-notice]") ?? box).append(outer);
  }
  outer.id = id;
  outer.className = bad ? "strip bad" : "strip";
  outer.setAttribute("role", "alert");
}

export const bold = (words) => Object.assign(document.createElement("b"), { textContent: words });
export const words = (content) => Object.assign(document.createElement("span"), { textContent: content });
export function keyed(cap, content) {
  const part = words(` ${content}`);
  part.prepend(Object.assign(document.createElement("kbd"), { textContent: cap }));
  return part;
}
export function press(content, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-outline", textContent: content });
  button.addEventListener("click", act);
  return button;
}

/** Whether a text deserves the server's opinion before the cursor moves on: no plain number, a dot with two readings, or
 * far from what is expected. The server alone decides what is kept. */
export function doubtful(box, typed) {
  if (!typed || !(box.closest("table, .env") || "figure" in box.dataset)) return false;
  const plain = typed.replace(/[\u00a0\u202f ]/g, "").replace("\u2212", "-");
  if (!/^[-+]?\d+([.,]\d+)?$/.test(plain) || /^[-+]?[1-9]\d{0,2}\.\d{3}$/.test(plain)) return true;
  const { expected, within } = box.dataset;
  return expected !== undefined && Math.abs(Number(plain.replace(",", ".")) - Number(expected)) > Number(within);
}
