// The network word of the top bar. Others report through the event "lims:network" on document:
// detail = {state: "online" | "waiting" | "offline", waiting: how many cells, saved: Date of the last save}.
const word = document.getElementById("net");

/** Shows a state; the sentences stand in the element's data attributes. */
function show({ state, waiting = 0, saved = null }) {
  const time = saved ? new Date(saved).toTimeString().slice(0, 8) : "";
  const sentence = state === "waiting" ? word.dataset.waiting.replace("{count}", waiting)
    : state === "offline" ? word.dataset.offline
      : saved ? word.dataset.saved.replace("{time}", time) : word.dataset.online;
  word.dataset.state = state;
  word.querySelector(".long").textContent = sentence;
}

let timer = 0;
async function ask() {
  clearTimeout(timer);
  let reached = false;
  // Any answer of the server, even a refusal, shows that the way is open.
  try { await fetch(word.dataset.ping, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(4000) }); reached = true; } catch { /* no way through */ }
  if (reached) { if (word.dataset.state === "offline") show({ state: "online" }); } else {
    show({ state: "offline" });
    timer = setTimeout(ask, 5000);
  }
}

if (word) {
  document.addEventListener("lims:network", (event) => show(event.detail));
  addEventListener("offline", () => { show({ state: "offline" }); timer = setTimeout(ask, 5000); });
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") ask(); });
}
