// Moving and typing in the sheet: Enter in the order of measuring, arrows, F2, paste of a block. What is typed is handed to
// `hooks`: commit(box, source), hold(box) -> Promise<may go on>, stale(box), escape(box) -> handled, undo(), typing(box),
// setAside(box), enter(box) -> handled.
import { boxes, collect, doubtful, field, show, text } from "./cells.js";

const narrow = matchMedia("(max-width: 760px)");
const order = (box) => Number(box.dataset.order ?? 0);
const env = (end) => [...boxes.values()].filter((box) => box.dataset.cell.startsWith("env/") && box.dataset.cell.endsWith(end));

/** Every box in the order in which the work goes: steps, conditions at the start, readings, conditions at the end. */
export let flow = [];
let checks = [];

function arrange() {
  const fresh = collect();
  const tables = [...document.querySelectorAll("table[data-table]")].map((table) => [...table.querySelectorAll("[data-cell]")].sort((a, b) => order(a) - order(b)));
  checks = [...boxes.values()].filter((box) => box.classList.contains("cell-check"));
  // A bench has one order of its own: position by position down each column.
  flow = document.querySelector("[data-flow]") ? [...boxes.values()].filter(order).sort((a, b) => order(a) - order(b)) : [...checks, ...env("/start"), ...tables.flat(), ...env("/end")];
  return fresh;
}

const empty = (box) => !text(box) && !("optional" in box.dataset);

export function go(box) {
  if (!box) return;
  document.dispatchEvent(new CustomEvent("lims:reveal", { detail: { box } }));
  const target = field(box) ?? box.querySelector('[aria-pressed="true"]') ?? box.querySelector("button");
  target.focus({ preventScroll: false });
  if (target.select) target.select();
}

const unfilled = (box) => box.dataset.cell.startsWith("field/") && (box.dataset.state === "refused" || (box.closest(".field").querySelector(".req") && !text(box)));

let led = null; // where the sheet itself has put the cursor; null once the person has moved it
document.addEventListener("focusout", (event) => { if (event.target === led) led = null; });

/** Whether the cursor stands where the order of the work has led it. */
export const isLed = () => led !== null && led === document.activeElement;

function lead(box) {
  if (box) go(box); else document.getElementById("submit")?.focus();
  led = document.activeElement;
}

/** The first box of the flow that still waits, else the button that hands the sheet on. */
export function goOn() { lead([...boxes.values()].find(unfilled) ?? flow.find(empty)); }

function next(box) {
  const at = flow.indexOf(box);
  if (at < 0) { goOn(); return; }
  const beyond = flow[at + 1];
  // Within a block the cursor goes to the neighbour; between blocks it skips what is filled.
  if (beyond && (beyond.closest("table") === box.closest("table") || empty(beyond))) lead(beyond); else (flow.slice(at + 1).find(empty) ? lead(flow.slice(at + 1).find(empty)) : goOn());
}

/** On a bench the positions go on in the block beside: its row before or after this one. */
function beside(row, by) {
  const panel = row.closest("[data-panel]"), rows = panel ? [...panel.querySelectorAll("tr[data-position]")] : [];
  return rows[rows.indexOf(row) + by];
}

function neighbour(box, key) {
  const row = box.closest("tr");
  if (!row) return null;
  const across = [...row.querySelectorAll("[data-cell]")], at = across.indexOf(box);
  if (key === "ArrowLeft") return across[at - 1];
  if (key === "ArrowRight") return across[at + 1];
  let other = row;
  do other = key === "ArrowUp" ? other.previousElementSibling : other.nextElementSibling; while (other && !other.dataset.row);
  return (other ?? beside(row, key === "ArrowUp" ? -1 : 1))?.querySelectorAll("[data-cell]")[at];
}

export class Grid {
  constructor(hooks) {
    this.hooks = hooks;
    this.editing = null; // the box in which arrows move the caret (F2)
    this.row = null;
    this.take();
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey && this.#undoes(event.target)) { event.preventDefault(); hooks.undo(); }
    });
  }

  /** Takes up boxes that are new in the page. */
  take() { arrange().forEach((box) => (box.classList.contains("cell-check") ? this.#check(box) : this.#box(box))); }

  /** In a box with a half-typed text, and in other fields, Ctrl+Z belongs to the browser. */
  #undoes(target) {
    if (document.querySelector("dialog[open]")) return false;
    const box = target.closest?.("[data-cell]");
    return box ? text(box) === box.dataset.text : !target.matches("input, textarea, select");
  }

  #box(box) {
    const input = field(box);
    input.addEventListener("focus", () => {
      this.editing = null;
      if (input.select && text(box) === box.dataset.text) input.select(); // half typed: one goes on where one was
      this.#here(box);
    });
    input.addEventListener("input", () => this.hooks.typing(box));
    // A window that closes or is left for another leaves its cursor where it is: what is half typed stays so.
    input.addEventListener("blur", () => (document.activeElement === input ? this.hooks.setAside(box) : this.hooks.commit(box, "typed")));
    if (input.tagName === "SELECT") { this.#choice(box, input); return; }
    input.addEventListener("keydown", (event) => this.#key(event, box));
    input.addEventListener("paste", (event) => this.#paste(event, box));
    input.addEventListener("dblclick", () => { this.editing = box; });
  }

  /** From a list one chooses by keys until it is left or Enter is pressed; a pointer chooses at once. */
  #choice(box, list) {
    let byKeys = false;
    list.addEventListener("pointerdown", () => { byKeys = false; });
    list.addEventListener("keydown", (event) => {
      byKeys = true;
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#leave(box, () => next(box));
    });
    list.addEventListener("change", () => { if (!byKeys) this.hooks.commit(box, "typed"); });
  }

  #here(box) {
    const row = box.closest("tr");
    this.row?.classList.remove("here");
    row?.classList.add("here");
    this.row = row ?? this.row;
    if (row) this.hooks.table(row.closest("table").dataset.table);
  }

  async #key(event, box) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    if (key === "F2") {
      event.preventDefault();
      this.editing = box;
      const end = field(box).value.length;
      field(box).setSelectionRange(end, end);
    } else if (key === "Escape") {
      if (!this.hooks.escape(box)) show(box, box.dataset.text);
      this.editing = null;
      this.hooks.typing(box);
    } else if (key === "Enter" || (key === "Tab" && !event.shiftKey && this.#asks(box))) {
      event.preventDefault();
      if (key === "Enter" && this.hooks.enter(box)) return;
      if (event.shiftKey) { go(neighbour(box, "ArrowUp")); return; }
      await this.#leave(box, () => (key === "Enter" ? next(box) : go(neighbour(box, "ArrowRight") ?? flow[flow.indexOf(box) + 1])));
    } else if (["ArrowUp", "ArrowDown"].includes(key) || (["ArrowLeft", "ArrowRight"].includes(key) && this.editing !== box && box.closest("tr") && !event.shiftKey)) {
      const to = neighbour(box, key);
      if (to) { event.preventDefault(); go(to); }
    }
  }

  /** Whether the server is asked before the cursor moves on: the text is doubtful, or the page does not know yet what to expect. */
  #asks(box) { return text(box) !== box.dataset.text && (doubtful(box, text(box)) || this.hooks.stale(box)); }

  /** Saves and goes on; a doubtful text keeps the cursor until the server has spoken. */
  async #leave(box, move) {
    if (this.#asks(box)) {
      if (!(await this.hooks.hold(box)) || document.activeElement !== field(box)) return;
    } else if (await this.hooks.commit(box, "typed") === false) return;
    move();
  }

  #check(box) {
    const buttons = [...box.querySelectorAll("button")];
    buttons.forEach((button, at) => {
      button.tabIndex = at ? -1 : 0;
      button.addEventListener("click", async () => { if (await this.hooks.check(box, button.value)) next(box); });
      button.addEventListener("keydown", (event) => {
        const to = { ArrowRight: buttons[at + 1], ArrowLeft: buttons[at - 1], ArrowDown: checks[checks.indexOf(box) + 1], ArrowUp: checks[checks.indexOf(box) - 1] }[event.key];
        if (!to) return;
        event.preventDefault();
        (to.matches("button") ? to : to.querySelector("button")).focus();
      });
    });
  }

  #paste(event, box) {
    const block = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    if (block.length === 1 && block[0].length === 1) return;
    event.preventDefault();
    const filled = [];
    let left = box;
    for (const line of block) {
      let at = left;
      for (const value of line) {
        if (!at) break;
        filled.push([at, value.trim()]);
        at = neighbour(at, "ArrowRight");
      }
      left = document.querySelector("[data-flow]") && line.length === 1 ? flow[flow.indexOf(left) + 1] : neighbour(left, "ArrowDown");
      if (!left) break;
    }
    this.hooks.paste(filled);
  }
}

/** Where the work begins when the page opens; a phone's keyboard is not called up unasked. */
export function begin() { if (!narrow.matches && !location.hash) goOn(); }
