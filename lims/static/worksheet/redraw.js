// What depends on characteristics (points, limits, standards) is fetched and put in place of what stood there. The page
// itself stays: the cursor, what is half typed and the rest of the sheet are not touched.
import { boxes, field, keep, show, state, text } from "./cells.js";

const TABLES = "#sheet-tables", OTHERS = ["#standards-panel", "#fields-summary"];
const EXPECTATIONS = ["order", "expected", "within", "optional"];

const shape = (page) => [...page.querySelectorAll(`${TABLES} thead, ${TABLES} tr[data-row], ${TABLES} [data-cell]`)]
  .map((one) => one.dataset.cell ?? one.dataset.row ?? one.textContent).join("\n");

/** The same points and columns: only nominals, limits and expectations are written over. */
function overwrite(page) {
  for (const row of document.querySelectorAll(`${TABLES} tr[data-row]`)) {
    const fresh = page.querySelector(`${TABLES} tr[data-row="${CSS.escape(row.dataset.row)}"]`);
    for (const part of [".pt", ".prev", "[data-mpe]"]) if (row.querySelector(part)) row.querySelector(part).textContent = fresh.querySelector(part).textContent;
    for (const box of row.querySelectorAll("[data-cell]")) {
      const other = fresh.querySelector(`[data-cell="${CSS.escape(box.dataset.cell)}"]`);
      for (const name of EXPECTATIONS) if (name in other.dataset) box.dataset[name] = other.dataset[name]; else delete box.dataset[name];
      box.dataset.name = field(other).getAttribute("aria-label");
      if (!box.dataset.state) field(box).setAttribute("aria-label", box.dataset.name);
    }
  }
}

/** What the person has in the box: text, whether it is saved, selection, whether the cursor stands there, words below. */
function held(box) {
  const input = field(box);
  return { box, typed: text(box), unsaved: text(box) !== box.dataset.text, from: input.selectionStart, to: input.selectionEnd,
    here: input === document.activeElement, strip: document.getElementById(`strip-${box.dataset.cell}`) };
}

function putBack({ box, typed, unsaved, from, to, here, strip }) {
  const now = boxes.get(box.dataset.cell);
  if (!now) return;
  if (Number(box.dataset.revision) > Number(now.dataset.revision)) {
    keep(now, { revision: box.dataset.revision, text: box.dataset.kept, by: "", at: "" });
    now.title = box.title;
  }
  if (unsaved || box.dataset.state === "refused") {
    field(now).value = typed;
    state(now, box.dataset.state);
    if (box.dataset.base) now.dataset.base = box.dataset.base;
    if (strip) now.closest("tr").after(strip);
  }
  if (!here) return;
  field(now).focus();
  if (from !== null) field(now).setSelectionRange(from, to);
}

function replace(page, take) {
  const cells = [...document.querySelectorAll(`${TABLES} [data-cell]`)].map(held);
  cells.forEach(({ box }) => show(box, text(box))); // a box that goes away has nothing more to save
  document.querySelector(TABLES).replaceChildren(...page.querySelector(TABLES).childNodes);
  take();
  cells.forEach(putBack);
}

/** Draws anew and returns the new data of the page; "later" when `ready` no longer holds once the answer is there; null
 * when there is no such page (signed out, no network). `take` takes up boxes that are new. */
export async function redrawn(ready, take) {
  let page;
  try {
    const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(10000) });
    if (!answer.ok) return null;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { return null; }
  const fresh = page.getElementById("sheet-data");
  if (!fresh) return null;
  if (!ready()) return "later";
  if (shape(page) === shape(document)) overwrite(page); else replace(page, take);
  const scanBox = document.getElementById("standard-number"), scanning = scanBox && scanBox === document.activeElement ? scanBox.value : null;
  for (const part of OTHERS) document.querySelector(part)?.replaceChildren(...page.querySelector(part).childNodes);
  if (scanning !== null) {
    const box = document.getElementById("standard-number");
    box.value = scanning;
    box.focus();
  }
  return JSON.parse(fresh.textContent);
}
