// The page that checks codes without the server: reads a pasted (or its own) address, tells what its seal proves.
import { checkSeal, fingerprint, readAddress, readSeal } from "./verify.js";

const keys = JSON.parse(document.getElementById("keys").textContent);
const box = document.getElementById("address"), file = document.getElementById("file");
const only = (name, chosen) => document.querySelectorAll(`[data-${name}]`)
  .forEach((line) => { line.hidden = line.getAttribute(`data-${name}`) !== chosen; });
let digest = "";

async function tell(text) {
  const address = readAddress(text), seal = address && readSeal(address.seal);
  const answer = address ? await checkSeal(address.seal, address.number, seal?.digest ?? "", keys) : "no-address";
  only("answer", answer);
  only("file", "");
  digest = answer === "signed" ? seal.digest : "";
  for (const id of ["told", "status-note", "compare"]) document.getElementById(id).hidden = !digest;
  if (!digest) return;
  document.getElementById("number").textContent = address.number;
  document.getElementById("issued").textContent = new Date(seal.seconds * 1000)
    .toLocaleString(document.documentElement.lang, { timeZone: "Asia/Ho_Chi_Minh" });
  document.getElementById("digest").textContent = digest;
}

document.getElementById("ask").addEventListener("submit", (event) => { event.preventDefault(); tell(box.value); });
file.addEventListener("change", async () => {
  if (!file.files.length) return;
  if (!globalThis.crypto?.subtle) { only("file", "insecure"); return; }
  only("file", await fingerprint(file.files[0]) === digest ? "same" : "other");
});
// Served in the place of the laboratory's own page, it finds number and seal in its own address.
if (readAddress(location.href)) { box.value = location.href; tell(location.href); }
