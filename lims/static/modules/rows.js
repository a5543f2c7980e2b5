// A row with data-href opens its page from anywhere in it; the link inside stays the way for keyboard and screen reader.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href], li[data-href]");
  if (!row || event.defaultPrevented || event.target.closest("a, button, input, select, textarea, label, summary")) return;
  if (String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});
