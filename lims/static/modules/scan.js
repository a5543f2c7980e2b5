// The scan bar. Ctrl+K goes there; a keyboard-wedge scanner is faster than any hand and is led there from wherever it types
// outside a field. Before searching, "lims:scan" on document offers the code to the page; preventDefault() says it took it.
const form = document.getElementById("scan-form"), input = document.getElementById("scan");
const GAP_MS = 50, ENOUGH = 4;

let burst = "", last = 0;
function wedge(event) {
  if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  burst = event.timeStamp - last < GAP_MS ? burst + event.key : event.key;
  last = event.timeStamp;
  if (burst.length < ENOUGH) return;
  event.preventDefault();
  input.value = burst;
  input.focus();
  burst = "";
}

if (form) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); input.focus(); input.select(); } else wedge(event);
  });
  form.addEventListener("submit", (event) => {
    const code = input.value.trim();
    if (!code) { event.preventDefault(); return; }
    const offer = new CustomEvent("lims:scan", { cancelable: true, detail: { code } });
    if (!document.dispatchEvent(offer)) { event.preventDefault(); input.value = ""; }
  });
}
