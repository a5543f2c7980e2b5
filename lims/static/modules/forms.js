// Forms are sent once; filters send themselves; the first wrong field has the cursor.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || "repeat" in form.dataset) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
});
// Coming back from the browser's cache the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; form.removeAttribute("aria-busy"); });
});

document.addEventListener("change", (event) => {
  const one = event.target;
  if (one.matches(".file input")) {
    const word = one.parentElement.querySelector("[data-chosen]");
    word.textContent = [...one.files].map((file) => file.name).join(", ") || word.dataset.chosen;
  }
  if (one.matches("[data-send]")) one.form.requestSubmit();
  // data-all="name" ticks every box of that name in its form or table
  if (one.matches("input[data-all]")) {
    (one.form ?? document).querySelectorAll(`input[type="checkbox"][name="${CSS.escape(one.dataset.all)}"]:not(:disabled)`)
      .forEach((box) => { box.checked = one.checked; box.dispatchEvent(new Event("input", { bubbles: true })); });
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) { event.preventDefault(); window.print(); }
  if (event.target.closest("[data-back]") && history.length > 1 && document.referrer.startsWith(location.origin)) {
    event.preventDefault();
    history.back();
  }
});

(document.querySelector("form .is-invalid") ?? document.querySelector("form fieldset .invalid-feedback")?.closest("fieldset").querySelector("input"))?.focus();
