// Keys of the whole application: Alt+1…9 the rail, Ctrl+/ the list of keys, data-key="Ctrl+Enter" presses that button or link.
const combination = (event) => [
  event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey && event.key.length > 1 ? "Shift" : "",
  event.key === "Escape" ? "Esc" : event.key.length === 1 ? event.key.toUpperCase() : event.key,
].filter(Boolean).join("+");

const typing = (target) => target.matches("input, textarea, select, button, a, summary, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const pressed = combination(event);
  if (pressed === "Ctrl+/") { event.preventDefault(); document.getElementById("shortcuts")?.showModal(); return; }
  const dialog = document.querySelector("dialog[open]");
  if (!dialog && /^Alt\+[1-9]$/.test(pressed)) {
    const link = document.querySelectorAll(".rail a.rail-link")[Number(pressed.at(-1)) - 1];
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  // Enter and Escape alone belong to the field that has the cursor.
  if ((pressed === "Enter" || pressed === "Esc") && typing(event.target)) return;
  const target = [...(dialog ?? document).querySelectorAll("[data-key]")]
    .find((one) => one.dataset.key === pressed && one.checkVisibility?.() !== false && !one.disabled);
  if (target) { event.preventDefault(); target.click(); }
});
