// Sentences in the page's language, kept by the template _words.html.
const kept = document.getElementById("words")?.dataset ?? {};

/** The sentence `key` (camel case of its data attribute) with {name} replaced by values.name. */
export function say(key, values = {}) {
  return (kept[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// The laboratory's clock, wherever the browser thinks it stands: what the server writes beside it is the same time.
const LABORATORY = new Intl.DateTimeFormat("vi-VN", {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh",
});

/** An instant as hh:mm in the laboratory's time. */
export function clock(instant) {
  return LABORATORY.format(new Date(instant));
}
