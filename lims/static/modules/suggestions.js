// Suggestions below a field (input[list]), found by words in any order, without accents or đ: the browser's own list drops
// what does not stand there letter by letter. ↓ enters the list, Enter or a tap takes one, Esc closes. Options that a
// script puts into the datalist while somebody types (data-found: the server has searched) are all shown; data-search names
// the address that finds enterprises by what is typed.
import { fold, wordsOf } from "./fold.js";

const MOST = 12;

function enhance(input) {
  const source = document.getElementById(input.getAttribute("list"));
  if (!source) return;
  const list = Object.assign(document.createElement("div"), { className: "suggestions", id: `${input.id}-shown`, hidden: true });
  list.setAttribute("role", "listbox");
  list.ariaLabel = input.labels[0]?.textContent.replace("*", "").trim() ?? "";
  input.removeAttribute("list");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
  input.after(list);
  let at = -1;

  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (index) => {
    const all = [...list.children];
    at = (index + all.length) % all.length;
    all.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const take = (one) => {
    input.value = one.dataset.value;
    close();
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
    close(); // the event showed the list again
  };
  const show = () => {
    const words = wordsOf(input.value);
    const found = !words.length || document.activeElement !== input ? [] : [...source.options].filter((option) => option.value !== input.value
      && (source.hasAttribute("data-found") || words.every((word) => fold(`${option.value} ${option.label}`).includes(word)))).slice(0, MOST);
    list.replaceChildren(...found.map((option, index) => {
      const one = Object.assign(document.createElement("div"), { id: `${list.id}-${index}`, className: "find-one", textContent: option.value });
      one.setAttribute("role", "option");
      one.dataset.value = option.value;
      if (option.label && option.label !== option.value) one.append(Object.assign(document.createElement("small"), { textContent: option.label }));
      return one;
    }));
    if (!found.length) { close(); return; }
    at = -1; list.hidden = false; input.setAttribute("aria-expanded", "true");
    list.style.top = `${input.offsetTop + input.offsetHeight + 2}px`; list.style.left = `${input.offsetLeft}px`;
  };

  const ask = async () => {
    const typed = input.value.trim();
    const answer = typed && await fetch(`${input.dataset.search}?${new URLSearchParams({ q: typed })}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || typed !== input.value.trim()) return;
    source.dataset.found = "";
    source.replaceChildren(...(await answer.json()).map((one) => Object.assign(document.createElement("option"), { value: `${one.code} · ${one.name}`, label: one.address })));
  };
  let soon = 0;
  if (input.dataset.search) input.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(ask, 120); });
  input.addEventListener("input", show);
  new MutationObserver(show).observe(source, { childList: true });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); mark(at < 0 && step < 0 ? -1 : at + step); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); event.stopPropagation(); take(list.children[at]); }
    else if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
  list.addEventListener("mousedown", (event) => { // before the field loses the focus
    const one = event.target.closest("[role=option]");
    event.preventDefault();
    if (one) take(one);
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll("input[list]").forEach(enhance);
