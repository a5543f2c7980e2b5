// Dialogs open by data-open="id" and close by data-close; data-open-now opens one with the page (after an error in it).
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    opener.closest("dialog")?.close();
    document.getElementById(opener.dataset.open)?.showModal();
    return;
  }
  event.target.closest("[data-close]")?.closest("dialog").close();
});

document.querySelectorAll("dialog[data-open-now]").forEach((dialog) => dialog.showModal());

// The account menu is a <details>: it closes when attention goes elsewhere.
const menus = document.querySelectorAll("details.account");
const closeMenus = (except) => menus.forEach((menu) => { if (menu !== except) menu.open = false; });
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.account")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = [...menus].find((menu) => menu.open);
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
