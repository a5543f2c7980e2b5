// Sentences of the sheet in the page's language, kept by its template.
const kept = document.getElementById("sheet-words").dataset;

/** The sentence `key` (camel case of its data attribute) with {name} replaced by values.name. */
export const say = (key, values = {}) => (kept[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
