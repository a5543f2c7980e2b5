// Standards are chosen without leaving the sheet: by button, by typing, or by scanning wherever the cursor stands.
import { toast } from "../modules/toasts.js";

const panel = document.getElementById("standards-panel");
const narrow = matchMedia("(max-width: 760px)");
let after = null;

const offered = () => [...panel.querySelectorAll("[data-number]")].map((one) => one.dataset.number.toUpperCase());
const scanBox = () => document.getElementById("standard-number");

async function send(form) {
  const number = form.querySelector('[name="number"]');
  if (number && !number.value.trim()) { after.goOn(); return; }
  let body;
  try {
    const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form), signal: AbortSignal.timeout(10000) });
    body = await response.json();
    if (!response.ok) { toast(body.detail || body.title); number?.select(); return; }
  } catch { form.dataset.plain = "1"; form.submit(); return; }
  panel.innerHTML = body.panel;
  after.reply(body);
  if (!standards.focusMissing()) after.goOn();
}

function choose(code) {
  scanBox().value = code;
  scanBox().form.requestSubmit();
}

export const standards = {
  watch(hooks) {
    after = hooks;
    panel.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-standards]") || event.target.dataset.plain) return;
      event.preventDefault();
      send(event.target);
    });
    document.addEventListener("lims:scan", (event) => {
      if (!this.scanned(event.detail.code)) return;
      event.preventDefault();
    });
  },

  /** Takes a code when it names a standard that is offered here. */
  scanned(code) {
    if (!scanBox() || !offered().includes(code.trim().toUpperCase())) return false;
    choose(code.trim());
    return true;
  },

  /** Leads to the scan box while a standard is missing. */
  focusMissing() {
    const missing = scanBox() && panel.querySelector(".slot-name .t-warn");
    if (missing && !narrow.matches) scanBox().focus();
    return Boolean(missing);
  },
};
