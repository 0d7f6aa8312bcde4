// Everything works without this. It spares reloads: guidance while somebody writes, and keys in the queue.
"use strict";

// A good answer to a form takes the focus, so that it is read.
for (const box of document.querySelectorAll("[data-focus]")) box.focus();

// Guidance under the box in which somebody writes their questions: once a pause, said only when it changes.
const ask = document.querySelector("textarea[data-guidance]");
if (ask) {
  const list = document.getElementById("guidance");
  const status = document.getElementById("guidance-status");
  let timer;
  let last = "";
  const look = async () => {
    const body = new URLSearchParams({ questions: ask.value });
    try {
      const answer = await fetch(ask.dataset.guidance, { method: "POST", body, credentials: "omit" });
      if (!answer.ok) return;
      const html = await answer.text();
      if (html === last) return;
      last = html;
      list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      status.textContent = list.querySelector("[data-say]")?.dataset.say ?? "";
    } catch {
      // No answer: the next page shows the same list.
    }
  };
  ask.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 900);
  });
}

// Keys in the queue, only with the focus in the list: J next, K before, Enter opens.
const queue = document.querySelector("[data-keys]");
if (queue) {
  const links = [...queue.querySelectorAll("a[data-row]")];
  queue.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    const here = links.indexOf(document.activeElement);
    if (!step || here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    links[here + step]?.focus();
    event.preventDefault();
  });
}
