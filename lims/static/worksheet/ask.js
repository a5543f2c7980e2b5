// Small questions: a reason, what a dot means, which of two values stays. Each resolves to the answer, or null.
import { say } from "./words.js";

const dialog = document.getElementById("ask"), title = document.getElementById("ask-t"), text = document.getElementById("ask-text");
const quick = document.getElementById("ask-quick"), form = document.getElementById("ask-form"), input = document.getElementById("ask-reason");

/** A question with ready answers, chosen by figure key, and (with `free`) one in own words. options: [{value, label}]. */
function question(heading, sentence, options, free) {
  title.textContent = heading;
  text.textContent = sentence;
  text.hidden = !sentence;
  form.hidden = !free;
  input.value = "";
  input.placeholder = say("other");
  quick.replaceChildren(...options.map(({ value, label }, at) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline", value });
    button.append(Object.assign(document.createElement("kbd"), { textContent: at + 1 }), ` ${label}`);
    return button;
  }));
  return new Promise((resolve) => {
    let answer = null;
    const give = (value) => { answer = value; dialog.close(); };
    const click = (event) => { const button = event.target.closest("button"); if (button) give(button.value); };
    const send = (event) => { event.preventDefault(); if (input.value.trim()) give(input.value.trim()); };
    const key = (event) => {
      const at = Number(event.key) - 1;
      if (event.target === input && input.value) return;
      if (at >= 0 && at < options.length) { event.preventDefault(); give(options[at].value); }
      if (event.key === "Enter" && event.target !== input && event.target.tagName !== "BUTTON") { event.preventDefault(); give(options[0].value); }
    };
    const done = () => {
      quick.removeEventListener("click", click);
      form.removeEventListener("submit", send);
      dialog.removeEventListener("keydown", key);
      resolve(answer);
    };
    quick.addEventListener("click", click);
    form.addEventListener("submit", send);
    dialog.addEventListener("keydown", key);
    dialog.addEventListener("close", done, { once: true });
    dialog.showModal();
    quick.querySelector("button")?.focus();
  });
}

const asOptions = (labels) => labels.map((label) => ({ value: label, label }));

/** Why a value is corrected, kept against its guard, or why a check failed; the first is under Enter. */
export const reason = (heading, labels) => question(heading, "", asOptions(labels), true);

/** What "1.400" means: "decimal" or "group". */
export const dot = (typed, candidates) => question(
  say("dotTitle"), say("dot", { text: typed }),
  Object.entries(candidates).map(([value, label]) => ({ value, label })), false);

const versus = document.getElementById("versus");

/** Which of two values stays: "mine" or "theirs". */
export function choose(mine, theirs) {
  document.getElementById("mine").textContent = mine || say("empty");
  document.getElementById("mine-who").textContent = say("thisDevice");
  document.getElementById("theirs").textContent = theirs.text || say("empty");
  document.getElementById("theirs-who").textContent = `${theirs.by}, ${theirs.at}`;
  const buttons = { mine: document.getElementById("keep-mine"), theirs: document.getElementById("keep-theirs") };
  buttons.mine.textContent = say("keepThis", { text: mine || say("empty") });
  buttons.theirs.textContent = say("keepThis", { text: theirs.text || say("empty") });
  return new Promise((resolve) => {
    let answer = null;
    for (const [name, button] of Object.entries(buttons)) button.onclick = () => { answer = name; versus.close(); };
    versus.addEventListener("close", () => resolve(answer), { once: true });
    versus.showModal();
    buttons.mine.focus();
  });
}
