// A procedure's draft: line numbers, and the text tried by the server a moment after the last key.
const form = document.getElementById("draft"), trial = document.getElementById("trial");
const PAUSE_MS = 700;
const toml = document.getElementById("toml"), cases = document.getElementById("cases");
let timer = 0, turn = 0, wrong = new Set();

function number(area) {
  const gutter = area.previousElementSibling, count = area.value.split("\n").length;
  if (gutter.childElementCount !== count) gutter.replaceChildren(...Array.from({ length: count }, (_none, at) => Object.assign(document.createElement("span"), { textContent: at + 1 })));
  if (area === toml) [...gutter.children].forEach((line, at) => line.classList.toggle("wrong", wrong.has(at + 1)));
  gutter.scrollTop = area.scrollTop;
}

async function attempt() {
  const mine = ++turn;
  try {
    const reply = await fetch(form.dataset.try, {
      method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.dataset.token },
      body: JSON.stringify({ toml: toml.value, cases: cases.value }), signal: AbortSignal.timeout(20000),
    });
    if (!reply.ok || mine !== turn) return;
    const body = await reply.json();
    if (mine !== turn) return;
    trial.innerHTML = body.html;
    wrong = new Set(body.faults);
    number(toml);
  } catch { /* tried again with the next key */ }
}

for (const area of [toml, cases]) {
  number(area);
  area.addEventListener("scroll", () => number(area));
  area.addEventListener("input", () => {
    number(area);
    if (!form.dataset.try) return;
    clearTimeout(timer);
    timer = setTimeout(attempt, PAUSE_MS);
  });
}
wrong = new Set([...trial.querySelectorAll("[data-line]")].map((link) => Number(link.dataset.line)));
number(toml);
trial.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  const lines = toml.value.split("\n"), at = Number(link.dataset.line) - 1;
  const start = lines.slice(0, at).join("\n").length + (at ? 1 : 0);
  toml.focus();
  toml.setSelectionRange(start, start + (lines[at] ?? "").length);
  toml.scrollTop = Math.max(0, (at - 6) * (toml.scrollHeight / lines.length));
});
