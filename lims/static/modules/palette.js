// The search field finds while it is typed into: a list below it, walked with the arrows, opened with Enter.
const form = document.getElementById("scan-form"), input = document.getElementById("scan"), list = document.getElementById("scan-list");
const PAUSE_MS = 90;
let timer = 0, asked = 0, shown = "", at = -1;

const options = () => [...list.querySelectorAll("[role=option]")];

function close() {
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  shown = "";
  at = -1;
}

function choose(index) {
  const all = options();
  at = all.length ? (index + all.length) % all.length : -1;
  all.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
  if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
  input.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function option(hit, index) {
  const one = Object.assign(document.createElement("a"), { href: hit.url, id: `hit-${index}`, className: "hit", tabIndex: -1 });
  one.setAttribute("role", "option");
  one.append(Object.assign(document.createElement("b"), { textContent: hit.code }), Object.assign(document.createElement("span"), { textContent: hit.text }));
  return one;
}

function show(text, { hits }) {
  list.replaceChildren();
  let group = "";
  hits.forEach((hit, index) => {
    if (hit.group !== group) list.append(Object.assign(document.createElement("div"), { className: "hit-group", textContent: hit.group }));
    group = hit.group;
    list.append(option(hit, index));
  });
  if (!hits.length) list.append(Object.assign(document.createElement("div"), { className: "hit-group", textContent: list.dataset.none }));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  shown = text;
  choose(0);
}

async function ask() {
  const text = input.value.trim(), turn = ++asked;
  if (text.length < 2) { close(); return; }
  try {
    const reply = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!reply.ok || turn !== asked) return;
    const found = await reply.json();
    if (turn === asked && document.activeElement === input && input.value.trim() === text) show(text, found);
  } catch { /* without network the field still takes codes */ }
}

if (list) {
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask(); else choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0 && shown === input.value.trim()) {
      event.preventDefault();
      location.assign(options()[at].href);
    }
  });
  input.addEventListener("blur", () => setTimeout(() => { if (!list.contains(document.activeElement)) close(); }, 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
}
