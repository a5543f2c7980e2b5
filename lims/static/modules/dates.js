// Dates are typed as dd/mm/yyyy whatever the browser's country: input[data-date]. Short forms are completed on leaving the box.
import { say } from "./words.js";

const real = (year, month, day) => {
  const date = new Date(year, month - 1, day);
  return date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day ? date : null;
};

/** A date from what people type (5, 5/3, 5.3.26, 05032026, 2026-03-05, +7), or null; `today` completes what is missing. */
export function parseDate(text, today = new Date()) {
  const typed = text.trim();
  const ahead = /^([+-])\s*(\d{1,4})$/.exec(typed);
  if (ahead) return new Date(today.getFullYear(), today.getMonth(), today.getDate() + Number(ahead[1] + ahead[2]));
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
  if (iso) return real(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = /^(\d{1,2})(?:\s*[/.\-\s]\s*(\d{1,2})(?:\s*[/.\-\s]\s*(\d{2}|\d{4}))?)?$/.exec(typed)
    ?? /^(\d{2})(\d{2})(\d{2}|\d{4})?$/.exec(typed);
  if (!parts) return null;
  const year = parts[3] ? Number(parts[3].length === 2 ? "20" + parts[3] : parts[3]) : today.getFullYear();
  return real(year, parts[2] ? Number(parts[2]) : today.getMonth() + 1, Number(parts[1]));
}

/** dd/mm/yyyy. */
export function showDate(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`;
}

function complain(input, wrong) {
  const id = `${input.id}-date`, described = new Set((input.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean));
  document.getElementById(id)?.remove();
  described.delete(id);
  if (wrong) {
    const note = Object.assign(document.createElement("span"), { id, className: "invalid-feedback" });
    note.textContent = say("dateWrong", { example: showDate(new Date()) });
    input.closest(".field")?.append(note);
    described.add(id);
  }
  input.classList.toggle("is-invalid", wrong);
  input.setAttribute("aria-invalid", String(wrong));
  if (described.size) input.setAttribute("aria-describedby", [...described].join(" "));
  else input.removeAttribute("aria-describedby");
}

function settle(input) {
  const date = parseDate(input.value);
  if (date) input.value = showDate(date);
  complain(input, Boolean(input.value.trim()) && !date);
}

function offerPicker(input, button) {
  const native = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1, className: "date-native" });
  if (typeof native.showPicker !== "function") return;
  native.setAttribute("aria-hidden", "true");
  button.after(native);
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = parseDate(input.value) ?? new Date();
    native.value = showDate(now).split("/").reverse().join("-");
    native.showPicker();
  });
  native.addEventListener("change", () => {
    input.value = native.value;
    settle(input);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
}

document.addEventListener("change", (event) => { if (event.target.matches?.("input[data-date]")) settle(event.target); });
document.querySelectorAll(".date").forEach((box) => offerPicker(box.querySelector("input"), box.querySelector("[data-pick]")));
