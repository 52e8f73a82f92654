// The "Who answered?" panel: asks for this page's head and counts the servers that answer.
// Nothing else on the site needs a script.

const once = document.getElementById("ask-once");
const often = document.getElementById("ask-often");
const last = document.getElementById("last");
const tally = document.getElementById("tally");

/** Server name to the times of its answers, in milliseconds. */
const answers = new Map();

once.addEventListener("click", () => ask(1));
often.addEventListener("click", () => ask(20));

async function ask(times) {
  once.disabled = often.disabled = true;
  try {
    for (let asked = 0; asked < times; asked += 1) {
      count(await question());
    }
  } catch (error) {
    last.textContent = `No answer: ${error.message}.`;
  } finally {
    once.disabled = often.disabled = false;
  }
}

async function question() {
  const began = performance.now();
  const response = await fetch("/", { method: "HEAD", cache: "no-store" });
  const time = performance.now() - began;
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  return { server: response.headers.get("x-served-by"), time };
}

function count({ server, time }) {
  const name = server ?? "a server that gave no name";
  answers.set(name, [...(answers.get(name) ?? []), time]);
  last.textContent = `The last answer came from ${name} in ${time.toFixed(1)} ms.`;
  show();
}

function show() {
  const total = [...answers.values()].reduce((sum, times) => sum + times.length, 0);
  const rows = [...answers].sort().map(([name, times]) => row(name, times, total));
  tally.tBodies[0].replaceChildren(...rows);
  tally.hidden = false;
}

function row(name, times, total) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  const meter = document.createElement("meter");
  meter.max = total;
  meter.value = times.length;
  meter.textContent = `${Math.round((100 * times.length) / total)} %`;
  meter.setAttribute("aria-label", `Share of ${name}`);
  const share = document.createElement("td");
  share.append(meter);
  line.append(head, number(String(times.length)), number(`${median(times).toFixed(1)} ms`), share);
  return line;
}

function number(text) {
  const cell = document.createElement("td");
  cell.className = "number";
  cell.textContent = text;
  return cell;
}

function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
