// Sentences in the page's language, kept by the template _words.html.
const kept = document.getElementById("words")?.dataset ?? {};

/** The sentence `key` (camel case of its data attribute) with {name} replaced by values.name. */
export function say(key, values = {}) {
  return (kept[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** An instant as hh:mm in local time. */
export function clock(instant) {
  const at = new Date(instant);
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
