// Short messages of what was done. They leave by themselves, but never under the pointer or the cursor.
import { say } from "./words.js";

const LASTS_MS = 12000;

function arm(toast) {
  const leave = () => { if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000); else toast.remove(); };
  setTimeout(leave, LASTS_MS);
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
}

/** Shows `text` as a toast. */
export function toast(text) {
  const box = Object.assign(document.createElement("div"), { className: "toast" });
  const words = document.createElement("span");
  words.textContent = text;
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link" });
  close.dataset.dismiss = "";
  close.textContent = say("close");
  box.append(words, close);
  document.getElementById("toasts")?.append(box);
  arm(box);
}

document.querySelectorAll("#toasts .toast").forEach(arm);
