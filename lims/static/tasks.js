// Progress of a background task: asks the server until the task has ended, then shows the page of the result.
const panel = document.getElementById("task");
const bar = document.getElementById("task-bar");
const text = document.getElementById("task-text");
const EVERY = 400, AFTER_A_FAULT = 3000; // milliseconds

function show({ done, total, failed }) {
  if (total > 0) {
    bar.max = total;
    bar.value = done;
  }
  const words = total > 0 ? panel.dataset.text : panel.dataset.unknown;
  text.textContent = words.replace("{done}", done).replace("{total}", total).replace("{failed}", failed);
}

async function ask() {
  let wait = EVERY;
  try {
    const answer = await fetch(panel.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const task = await answer.json();
    if (["done", "failed", "cancelled"].includes(task.state)) {
      location.reload();
      return;
    }
    if (task.state === "running") show(task);
  } catch {
    wait = AFTER_A_FAULT; // the network is away for a moment: the task goes on without us
  }
  setTimeout(ask, wait);
}

setTimeout(ask, EVERY);
