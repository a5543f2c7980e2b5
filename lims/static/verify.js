// The public check, done by the visitor's own browser: is the seal in the address genuine, is my file the archived one?
// Stands alone, so that a page holding the public keys can use it while the laboratory's server is away.
// The seal is the fragment of the address; its bytes and the signed text are those of certificates/verification.py.

import { verifyEd25519 } from "./ed25519.js";

const SEAL_BYTES = 102; // key id 2, seconds since 1970 4, record digest 32, signature 64
const OLD_LENGTH = 164; // of the first documents, in base 32
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
/** The bytes of a number written in digits, or null when it is none of `count` bytes. */
function undecimal(text, count) {
  if (!/^[1-9][0-9]{200,245}$/.test(text)) return null;
  const digits = BigInt(text).toString(16).padStart(2 * count, "0");
  return digits.length === 2 * count ? Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16)) : null;
}

const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function unbase32(text) {
  const bytes = [];
  let bits = 0, held = 0;
  for (const letter of text) {
    const five = ALPHABET.indexOf(letter);
    if (five < 0) return null;
    held = (held << 5) | five;
    bits += 5;
    if (bits >= 8) { bits -= 8; bytes.push(held >> bits); held &= (1 << bits) - 1; }
  }
  return held === 0 ? new Uint8Array(bytes) : null; // spare bits must not make two texts of one seal
}

/** {keyId, seconds, digest, signature} of a seal's text, or null when it is none. */
export function readSeal(text) {
  const bytes = text.length === OLD_LENGTH ? unbase32(text) : undecimal(text, SEAL_BYTES);
  if (bytes?.length !== SEAL_BYTES) return null;
  const view = new DataView(bytes.buffer);
  return { keyId: view.getUint16(0), seconds: view.getUint32(2), digest: hex(bytes.slice(6, 38)), signature: bytes.slice(38) };
}

/** What the seal proves for this number and record: "signed", "forged", "unknown-key" or "unsigned". */
export async function checkSeal(text, number, digest, keys) {
  if (!text) return "unsigned";
  const seal = readSeal(text);
  if (!seal || seal.digest !== digest) return "forged";
  const raw = keys[seal.keyId];
  if (!raw) return "unknown-key";
  const message = new TextEncoder().encode(`lims-qr-1\n${number.normalize("NFC")}\n${seal.digest}\n${seal.seconds}`);
  return await isSigned(unbase64(raw), message, seal.signature) ? "signed" : "forged";
}

async function isSigned(publicKey, message, signature) {
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  } catch {
    return verifyEd25519(publicKey, message, signature); // no WebCrypto without HTTPS, no Ed25519 in older browsers
  }
}

/** {number, seal text} of a scanned address, or null when it is none of ours. */
export function readAddress(text) {
  const [place, seal = ""] = text.trim().split("#");
  const found = /\/v\/([^?]+)\?c=/i.exec(place);
  try {
    return found && { number: decodeURIComponent(found[1]).normalize("NFC"), seal };
  } catch {
    return null; // a broken percent sign
  }
}

/** SHA-256 of a file as 64 hex digits. */
export async function fingerprint(file) {
  return hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
}

const show = (name, chosen) => document.querySelectorAll(`[data-${name}]`)
  .forEach((line) => { line.hidden = line.getAttribute(`data-${name}`) !== chosen; });

async function compare(file) {
  const digestLine = document.querySelector("[data-file-digest]");
  digestLine.textContent = "";
  if (!crypto.subtle) { show("file", "insecure"); return; }
  show("file", "working");
  const digest = await fingerprint(file);
  const same = [...document.querySelectorAll("[data-sha256]")].find((line) => line.dataset.sha256 === digest);
  document.querySelector("[data-which]").textContent = same?.dataset.name ?? "";
  digestLine.textContent = `${file.name}: ${digest}`;
  show("file", same ? "same" : "other");
}

const proof = document.getElementById("proof"), drop = document.getElementById("drop");
if (proof) {
  const { number, digest, keys } = proof.dataset;
  checkSeal(location.hash.slice(1), number, digest, JSON.parse(keys)).then((answer) => show("answer", answer));
  // The other language is the same address: the seal goes along.
  const language = document.querySelector("form.lang");
  if (language) language.action += location.hash;
}
if (drop) {
  const chosen = (files) => { if (files.length) compare(files[0]); };
  drop.querySelector("input").addEventListener("change", (event) => chosen(event.target.files));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") chosen(event.dataTransfer.files);
    });
  }
}
