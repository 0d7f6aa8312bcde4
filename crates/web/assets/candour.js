// Everything works without this. It spares reloads: guidance while somebody writes, keys in lists, the letter
// as it changes.
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
  // One look at a time, so that none counts twice or is older than the one before.
  let isLooking = false;
  let isChanged = false;
  const look = async () => {
    if (isLooking) {
      isChanged = true;
      return;
    }
    isLooking = true;
    await ask_for();
    isLooking = false;
    if (isChanged) {
      isChanged = false;
      look();
    }
  };
  const ask_for = async () => {
    const body = new URLSearchParams({ questions: ask.value });
    // What was counted as shown is counted once: the page itself remembers it.
    const counted = [...list.querySelectorAll("input[name=counted]")];
    for (const { value } of counted) body.append("counted", value);
    try {
      const answer = await fetch(ask.dataset.guidance, { method: "POST", body, credentials: "omit" });
      if (!answer.ok) throw new Error(answer.statusText);
      const html = await answer.text();
      if (html === last) return;
      last = html;
      list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      status.textContent = list.querySelector("[data-say]")?.dataset.say ?? "";
    } catch {
      // What stands there may be about other words. The next page shows the list.
      last = "";
      const failed = document.createElement("p");
      failed.className = "hint";
      failed.textContent = ask.dataset.failed;
      list.replaceChildren(...counted, failed);
      status.textContent = ask.dataset.failed;
    }
  };
  ask.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 900);
  });
}

// Single keys in lists, for whoever switched them on and only with the focus in the list: J next, K before, Enter opens,
// C confirms. Where somebody writes or chooses, keys keep their meaning.
if (document.body.hasAttribute("data-single-keys")) {
  for (const list of document.querySelectorAll("[data-keys]")) {
    const items = [...list.querySelectorAll("[data-item]")];
    const part = (item, name) => item?.querySelector(`[${name}]`);
    list.addEventListener("keydown", (event) => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat && key !== "j" && key !== "k") return;
      if (target.matches("textarea, select, input:not([type=checkbox])")) return;
      const here = items.findIndex((item) => item.contains(target));
      const step = { j: 1, k: -1 }[key];
      if (step) {
        part(items[here < 0 ? 0 : here + step], "data-row")?.focus();
      } else if (key === "c") {
        part(items[here], "data-confirm")?.click();
      } else if (key === "Enter" && !target.matches("a, button, summary")) {
        (part(items[here], "data-open") ?? part(items[here], "data-row"))?.click();
      } else {
        return;
      }
      event.preventDefault();
    });
  }
}

// The letter and its check follow the case while they are open: looked at again when the page comes back into sight and
// now and then, never while somebody writes in it.
const live = document.querySelector("[data-live]");
if (live) {
  const status = document.getElementById("live-status");
  const isWritten = () =>
    live.contains(document.activeElement) ||
    [...live.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);
  const look = async () => {
    if (document.hidden || isWritten()) return;
    try {
      const answer = await fetch(location.pathname);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (!fresh || fresh.innerHTML === live.innerHTML || isWritten()) return;
      live.replaceChildren(...fresh.childNodes);
      status.textContent = live.dataset.live;
    } catch {
      // The next look may succeed.
    }
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, 20000);
}

// A policy from a file goes into the box for its text; without this it is pasted.
const fileFor = document.querySelector("[data-file-for]");
if (fileFor) {
  fileFor.hidden = false;
  fileFor.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) document.getElementById(fileFor.dataset.fileFor).value = await file.text();
  });
}

// Two minutes before the desk signs somebody out for want of use, it asks. What is written stays on the page.
const idle = document.getElementById("idle");
if (idle) {
  const warnAfter = (Number(document.body.dataset.idle) - 2) * 60000;
  let before;
  const ask = () => {
    before = document.activeElement;
    idle.hidden = false;
    idle.querySelector("button").focus();
  };
  let timer = setTimeout(ask, warnAfter);
  idle.querySelector("button").addEventListener("click", async () => {
    try {
      const answer = await fetch("/desk/account", { redirect: "manual" });
      if (answer.ok) {
        idle.hidden = true;
        before?.focus();
        clearTimeout(timer);
        timer = setTimeout(ask, warnAfter);
        return;
      }
    } catch {
      // No answer: the words below say what is known.
    }
    document.getElementById("idle-title").textContent = idle.dataset.over;
  });
}
