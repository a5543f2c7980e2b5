// The bench: points as tabs, the verdict of each position, reasons of those that failed. Cells, queue, guard and conflicts
// are those of the sheet (worksheet.js); a cell is named "position:cell", "*:cell" for the whole bench.
const data = JSON.parse(document.getElementById("sheet-data").textContent);
const tabs = [...document.querySelectorAll(".load-tabs [role=tab]")], panels = [...document.querySelectorAll("[data-panel]")];
const tally = document.getElementById("tally"), fails = document.getElementById("fails");
const standing = { ...data.state.positions };
let active = 0;

function activate(index) {
  active = Math.max(0, Math.min(tabs.length - 1, index));
  tabs.forEach((tab, at) => { tab.setAttribute("aria-selected", String(at === active)); tab.tabIndex = at === active ? 0 : -1; });
  panels.forEach((panel, at) => { panel.hidden = at !== active; });
  const key = tabs[active]?.dataset.panelOf;
  document.querySelectorAll(".shared-box").forEach((box) => { box.hidden = box.dataset.of !== key; });
}

const first = () => panels[active]?.querySelector(".cell-in, .cell-check button");

function step(by) {
  const within = document.activeElement?.closest?.("tr")?.dataset.position;
  activate(active + by);
  const row = within && panels[active].querySelector(`tr[data-position="${within}"]`);
  (row?.querySelector(".cell-in, .cell-check button") ?? first())?.focus();
}

/** E at the other points, the verdict beside each position, how many passed. */
function draw({ evaluation, positions }) {
  for (const [key, row] of Object.entries(evaluation.rows)) {
    document.querySelectorAll(`[data-e="${CSS.escape(key)}"]`).forEach((cell) => { cell.textContent = row.value || "–"; cell.classList.toggle("t-bad", row.verdict === "fail"); });
  }
  Object.assign(standing, positions);
  for (const [position, one] of Object.entries(positions)) place(position, one);
  const count = (name) => Object.values(standing).filter((one) => (name === "open" ? one.verdict === "incomplete" : name === "bad" ? one.verdict.endsWith("fail") : !one.verdict.endsWith("fail") && one.verdict !== "incomplete")).length;
  tally.textContent = tally.dataset.words.replace("{ok}", count("ok")).replace("{bad}", count("bad")).replace("{open}", count("open"));
  fails.hidden = !document.querySelector("[data-fail]:not([hidden])");
}

function place(position, { verdict, words, failed, waiting }) {
  const bad = verdict.endsWith("fail"), open = verdict === "incomplete";
  document.querySelectorAll(`[data-place="${position}"]`).forEach((cell) => {
    cell.className = `res-place vd ${open ? "muted" : bad ? "t-bad" : "t-ok"}`;
    cell.textContent = open ? "…" : bad ? `✗ ${failed.join(", ")}` : `✓ ${cell.dataset.sticker || words}`;
    cell.title = open ? waiting : words;
    cell.closest("tr").classList.toggle("fail", bad);
  });
  const line = document.querySelector(`[data-fail="${position}"]`);
  if (!line) return;
  line.hidden = !bad;
  line.querySelector("[data-why]").textContent = failed.join(", ");
}

async function reason(input) {
  const line = input.closest("[data-fail]"), kept = line.querySelector("span[data-kept]"), text = input.value.trim();
  if (!text || text === input.dataset.kept) return;
  const body = new FormData();
  body.set("reason", text);
  body.set("csrf_token", fails.dataset.token);
  try {
    const reply = await fetch(fails.dataset.url.replace("/0/", `/${line.dataset.fail}/`), { method: "POST", headers: { Accept: "application/json" }, body, signal: AbortSignal.timeout(10000) });
    const answer = await reply.json();
    kept.textContent = reply.ok ? "✓" : answer.detail || answer.title;
    if (reply.ok) input.dataset.kept = text;
  } catch { kept.textContent = "…"; setTimeout(() => reason(input), 3000); }
}

tabs.forEach((tab, at) => tab.addEventListener("click", () => { activate(at); first()?.focus(); }));
fails.querySelectorAll("input").forEach((input) => {
  input.dataset.kept = input.value.trim();
  input.addEventListener("change", () => reason(input));
});
document.addEventListener("lims:reveal", (event) => {
  const panel = event.detail.box.closest("[data-panel]"), shared = event.detail.box.closest(".shared-box");
  const at = panel ? panels.indexOf(panel) : shared ? tabs.findIndex((tab) => tab.dataset.panelOf === shared.dataset.of) : active;
  if (at !== active) activate(at);
});
document.addEventListener("lims:reply", (event) => draw(event.detail));
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.altKey) return;
  if (event.key === "PageDown" || event.key === "PageUp") { event.preventDefault(); step(event.key === "PageDown" ? 1 : -1); }
  if (event.key === "F9") {
    event.preventDefault();
    const position = document.activeElement?.closest?.("tr")?.dataset.position, at = panels.findIndex((panel) => panel.dataset.panel === "checks");
    if (at < 0 || !position) return;
    activate(at);
    panels[at].querySelector(`tr[data-position="${position}"] button[value="fail"]`)?.focus();
  }
});
activate(Math.max(0, panels.findIndex((panel) => panel.querySelector(".cell-in"))));
draw(data.state);
