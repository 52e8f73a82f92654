"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const filter = $("filter"), trouble = $("trouble"), pause = $("pause"), news = $("news");
  const clock = $("clock"), seconds = +document.body.dataset.refresh || 5;
  const store = { get: (k) => { try { return localStorage.getItem(k); } catch { return null; } },
                  set: (k, v) => { try { localStorage.setItem(k, v); } catch { /* not kept */ } } };
  let timer = 0, last = Date.now(), failed = false;

  // Rows that deserve a look: not up, or with numbers of trouble.
  const troubled = (row) => /down|going|maintain|draining/.test(row.className) || !!row.querySelector(".bad");

  function show() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let any = false;
    for (const section of document.querySelectorAll(".proxy")) {
      const name = section.id.toLowerCase();
      let visible = false;
      for (const row of section.querySelectorAll("tbody tr")) {
        const status = row.querySelector(".st");
        const text = name + " " + row.cells[0].textContent.toLowerCase() + " " + status.textContent.toLowerCase();
        const fits = words.every((word) => text.includes(word)) && (!trouble.checked || troubled(row));
        row.hidden = !fits;
        visible = visible || fits;
      }
      section.hidden = !visible;
      any = any || visible;
    }
    $("empty").hidden = any;
  }

  // Takes over what changed from a newer page, cell by cell: place, focus and selection stay.
  function merge(page) {
    const changes = [];
    $("tiles").innerHTML = page.getElementById("tiles").innerHTML;
    const ids = (root) => [...root.querySelectorAll("#proxies tr[id]")].map((row) => row.id).join("\n");
    if (ids(document) !== ids(page)) {
      $("proxies").innerHTML = page.getElementById("proxies").innerHTML;
      return changes;
    }
    for (const row of document.querySelectorAll("#proxies tr[id]")) {
      const newer = page.getElementById(row.id);
      row.className = newer.className;
      for (let n = 1; n < newer.cells.length; n++) {
        const cell = row.cells[n], other = newer.cells[n];
        if (cell.title !== other.title) cell.title = other.title;
        if (cell.textContent === other.textContent) continue;
        if (cell.classList.contains("st")) changes.push(row.id + " is " + other.textContent);
        cell.innerHTML = other.innerHTML;
        cell.className = other.className;
        if (n !== 2) {
          void cell.offsetWidth;
          cell.classList.add("flash");
        }
      }
    }
    const captions = document.querySelectorAll("#proxies caption");
    page.querySelectorAll("#proxies caption").forEach((other, n) => {
      if (captions[n].innerHTML !== other.innerHTML) captions[n].innerHTML = other.innerHTML;
    });
    return changes;
  }

  async function refresh() {
    clearTimeout(timer);
    try {
      const answer = await fetch(location.href.split("#")[0], { cache: "no-store", credentials: "same-origin" });
      if (!answer.ok) throw new Error("status " + answer.status);
      const changes = merge(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (changes.length || failed) news.textContent = changes.slice(0, 5).join(", ");
      failed = false;
      last = Date.now();
      show();
    } catch (error) {
      if (!failed) news.textContent = "Cannot refresh: " + error.message;
      failed = true;
    }
    tick();
    next();
  }

  function next() {
    clearTimeout(timer);
    if (pause.getAttribute("aria-pressed") !== "true" && !document.hidden) timer = setTimeout(refresh, seconds * 1000);
  }

  function setPaused(on) {
    pause.setAttribute("aria-pressed", on);
    pause.textContent = on ? "Paused" : "Live";
    if (on) next(); else refresh();
  }

  function tick() {
    const age = Math.round((Date.now() - last) / 1000);
    clock.textContent = (failed ? "no answer, " : "") + (age < 2 ? "now" : age + " s ago");
  }

  function theme(name) {
    if (name) document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
    $("theme").textContent = { dark: "Dark", light: "Light" }[name] || "Auto";
    store.set("theme", name);
  }

  function step(by) {
    const sections = [...document.querySelectorAll(".proxy:not([hidden])")];
    const at = sections.findIndex((section) => section.contains(document.activeElement));
    const to = sections[Math.max(0, Math.min(sections.length - 1, at < 0 ? 0 : at + by))];
    if (!to) return;
    to.scrollIntoView({ block: "start" });
    to.querySelector(".px").focus({ preventScroll: true });
  }

  const keys = {
    "/": () => filter.focus(), p: () => pause.click(), r: refresh, j: () => step(1), k: () => step(-1),
    x: () => { trouble.checked = !trouble.checked; show(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { filter.value = ""; trouble.checked = false; show(); filter.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === filter || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  filter.addEventListener("input", show);
  trouble.addEventListener("change", show);
  pause.addEventListener("click", () => setPaused(pause.getAttribute("aria-pressed") !== "true"));
  $("theme").addEventListener("click", () => {
    const order = ["", "dark", "light"];
    theme(order[(order.indexOf(store.get("theme") || "") + 1) % 3]);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && pause.getAttribute("aria-pressed") !== "true") refresh();
  });
  theme(store.get("theme") || "");
  pause.textContent = pause.getAttribute("aria-pressed") === "true" ? "Paused" : "Live";
  setInterval(tick, 1000);
  tick();
  next();
})();
