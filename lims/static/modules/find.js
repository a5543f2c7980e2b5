// A long list is searched: select[data-find] opens a field above its choices, found by words in any order, without accents
// or đ ("can dong ho" finds "Cân đồng hồ"). Typing a letter, Enter, Space or a tap opens it; arrows in the closed list and
// scripts that set its value work as ever. One dialog serves every list of the page, also those added later.
import { fold, wordsOf } from "./fold.js";
import { say } from "./words.js";

let dialog, title, input, list, owner = null, at = -1;

const shown = () => [...list.children];

function choose(index) {
  const all = shown();
  at = all.length ? (index + all.length) % all.length : -1;
  all.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
  if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
  input.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function narrow() {
  const words = wordsOf(input.value);
  const found = [...owner.options].filter((option) => option.value && !option.hidden && words.every((word) => fold(option.text).includes(word)));
  // What begins with the words stands first: "can" means a balance before a thing with "can" within.
  const rank = (option) => (fold(option.text).startsWith(words.join(" ")) ? 0 : 1);
  list.replaceChildren(...found.sort((a, b) => rank(a) - rank(b)).map((option, index) => {
    const one = Object.assign(document.createElement("div"), { id: `find-${index}`, className: "find-one", textContent: option.text });
    one.setAttribute("role", "option");
    one.dataset.value = option.value;
    return one;
  }));
  list.dataset.none = found.length ? "" : say("findNone");
  choose(Math.max(0, words.length ? 0 : found.findIndex((option) => option.value === owner.value)));
}

function take(one) {
  const select = owner;
  dialog.close();
  if (!one || select.value === one.dataset.value) return;
  select.value = one.dataset.value;
  for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, { bubbles: true }));
}

function make() {
  const part = (tag, className) => Object.assign(document.createElement(tag), { className });
  dialog = part("dialog", "find"); title = part("label", "form-label"); input = part("input", "form-control"); list = part("div", "find-list");
  title.htmlFor = input.id = "find-text"; list.id = "find-list";
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "true"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["autocomplete", "off"], ["spellcheck", "false"]]) input.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  dialog.append(title, input, list);
  document.body.append(dialog);
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); choose(at + step); } else if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); if (at >= 0) take(shown()[at]); }
  });
  list.addEventListener("click", (event) => { const one = event.target.closest("[role=option]"); if (one) take(one); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { const back = owner; owner = null; back?.focus(); });
}

function open(select, text = "") {
  if (!dialog) make();
  owner = select;
  title.textContent = list.ariaLabel = select.labels[0]?.textContent.replace("*", "").trim() ?? "";
  input.value = text;
  dialog.showModal();
  narrow();
  input.focus();
}

const searched = (target) => target.closest?.("select[data-find]:not(:disabled)");

document.addEventListener("keydown", (event) => {
  const select = searched(event.target);
  if (!select || event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = event.key.length === 1 && event.key !== " ";
  if (!letter && event.key !== " " && event.key !== "Enter") return;
  event.preventDefault();
  open(select, letter ? event.key : "");
});
document.addEventListener("mousedown", (event) => {
  const select = searched(event.target);
  if (!select || event.button) return;
  event.preventDefault();
  open(select);
});
