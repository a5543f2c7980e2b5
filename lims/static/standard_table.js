// The table of a standard's certificate: a block from a spreadsheet is pasted as it is, rows come as they are needed.
const table = document.getElementById("values");
const body = table.tBodies[0];
const more = document.querySelector("[data-add-rows]");
const MOST = 500;

const inputs = (row) => [...row.querySelectorAll("input")];
const place = (input) => ({ row: input.closest("tr").sectionRowIndex, column: inputs(input.closest("tr")).indexOf(input) });

function addRow() {
  if (body.rows.length >= MOST) return false;
  const at = body.rows.length;
  const row = body.rows[at - 1].cloneNode(true);
  row.querySelectorAll(".invalid-feedback").forEach((note) => note.remove());
  row.querySelectorAll(".wrong").forEach((cell) => cell.classList.remove("wrong"));
  row.querySelector("th").textContent = String(at + 1);
  inputs(row).forEach((input, column) => {
    for (const name of ["id", "name"]) input[name] = input[name].replace(/-\d+-/, `-${at}-`);
    input.value = "";
    input.removeAttribute("value");
    input.classList.remove("is-invalid");
    input.removeAttribute("aria-describedby");
    const head = table.tHead.rows[0].cells[column + 1].textContent.trim();
    input.setAttribute("aria-label", more.dataset.label.replace("{row}", at + 1).replace("{cell}", head));
  });
  body.append(row);
  return true;
}

const needRows = (count) => { while (body.rows.length < count && addRow()); };
const cellAt = (row, column) => body.rows[row] && inputs(body.rows[row])[column];

function fill(from, lines) {
  const start = place(from);
  needRows(start.row + lines.length);
  lines.forEach((cells, down) => cells.forEach((text, right) => {
    const input = cellAt(start.row + down, start.column + right);
    if (input) input.value = text.trim();
  }));
  from.dispatchEvent(new Event("input", { bubbles: true }));
}

table.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (!/[\t\n]/.test(text) || !event.target.matches("input")) return;
  event.preventDefault();
  // A block with a head, or with units in its cells, is read where columns and units are understood.
  if (/\t.*\t/.test(text) && /\p{L}/u.test(text)) {
    document.getElementById("block").value = text;
    document.querySelector("[name=take]").click();
    return;
  }
  fill(event.target, text.split("\n").map((line) => line.split("\t")));
});

table.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.altKey || event.metaKey || !event.target.matches("input")) return;
  event.preventDefault();
  const here = place(event.target);
  if (here.row + step === body.rows.length) addRow();
  const next = cellAt(here.row + step, here.column);
  next?.focus();
  next?.select();
});

more.addEventListener("click", () => {
  const first = body.rows.length;
  for (let count = 0; count < 5; count += 1) addRow();
  cellAt(first, 0)?.focus();
});

// A draft may hold more rows than the page came with.
table.closest("form").addEventListener("lims:draft", (event) => {
  const rows = event.detail.fields.map(([name]) => Number(/^rows-(\d+)-/.exec(name)?.[1] ?? -1));
  needRows(Math.max(0, ...rows) + 1);
});
