// Times to be waited run on after a reload; what was waited goes into the sheet as seconds. And who looked over the readings.
import { toast } from "../modules/toasts.js";

const data = JSON.parse(document.getElementById("sheet-data").textContent);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

document.querySelectorAll("[data-timer]").forEach((row) => {
  const key = `lims-timer:${data.user}:${data.code}:${row.dataset.timer}`, button = row.querySelector("[data-run]"), left = row.querySelector("[data-left]");
  const wanted = Number(row.dataset.seconds), start = button?.textContent;
  let tick = 0;
  const begun = () => Number(localStorage.getItem(key) ?? 0);

  function end() {
    const waited = Math.floor((Date.now() - begun()) / 1000);
    localStorage.removeItem(key);
    clearInterval(tick);
    left.textContent = "";
    button.textContent = start;
    document.dispatchEvent(new CustomEvent("lims:enter", { detail: { cell: row.dataset.timer, text: String(waited) } }));
  }

  function show() {
    const rest = wanted - (Date.now() - begun()) / 1000;
    left.textContent = clock(Math.max(0, rest));
    if (rest <= 0) { toast(row.querySelector("span").firstChild.textContent.trim()); end(); }
  }

  function run() {
    button.textContent = button.dataset.stopWords;
    clearInterval(tick);
    tick = setInterval(show, 500);
    show();
  }

  button?.addEventListener("click", () => {
    if (begun()) { end(); return; }
    localStorage.setItem(key, String(Date.now()));
    run();
  });
  if (button && begun()) run();
});

const look = document.getElementById("look");
function looked(state) {
  if (!look || !state) return;
  const text = look.querySelector("[data-look]");
  text.textContent = state.by ? look.dataset.words.replace("{by}", state.by).replace("{at}", state.at) : look.dataset.none;
  text.className = state.by ? "t-ok" : "t-warn";
  const form = look.querySelector("form");
  if (form) form.hidden = Boolean(state.by);
}
looked(data.state.looked);
document.addEventListener("lims:reply", (event) => looked(event.detail.looked));
