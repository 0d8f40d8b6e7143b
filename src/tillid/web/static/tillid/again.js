// The login has ended, or somebody else has logged in, while words wait in the page: log in again in place, with the page
// hidden behind the dialog. Only the same person's words go on; a new session has new tokens.

import { say } from "./parts.js";
import { get, post } from "./send.js";

const LOOK_AGAIN = 4000; // ms: the login may happen in another window

function tokens(value) {
  document.querySelectorAll("input[name=csrf_token]").forEach((input) => {
    if (!input.closest("#again")) input.value = value;
  });
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": value }));
}

async function ask(form) {
  const answer = await get(form.dataset.session);
  if (answer.kind !== "ok") return { is: "away" };
  const part = new DOMParser().parseFromString(answer.html, "text/html").querySelector("[data-session]");
  if (part?.dataset.session === "same") tokens(part.dataset.token);
  return { is: part ? part.dataset.session : "away", part };
}

function show(dialog, part) {
  if (dialog.open && dialog.dataset.is === part.dataset.session) return;
  dialog.dataset.is = part.dataset.session;
  dialog.replaceChildren(document.adoptNode(part));
  if (!dialog.open) dialog.showModal();
  document.documentElement.classList.add("locked");
  dialog.querySelector("input:not([type=hidden]), a, button")?.focus();
}

async function sent(event, dialog) {
  event.preventDefault();
  const login = event.target;
  const answer = await post(login.action, new FormData(login));
  const wrong = dialog.querySelector(".again-wrong");
  if (answer.kind !== "ok" && wrong) {
    wrong.hidden = false;
    wrong.textContent = answer.kind === "away" ? wrong.dataset.away : wrong.dataset.wrong;
    login.querySelector("[type=password]").value = "";
  }
}

// Resolves with "same" when the person of the page is logged in (again), or "away" when the server cannot be asked.
export function loginAgain(form) {
  const dialog = document.getElementById("again");
  let timer;
  return new Promise((resolve) => {
    const look = async () => {
      const { is, part } = await ask(form);
      if (is === "same" || (is === "away" && !dialog.open)) return done(is);
      if (is !== "away") show(dialog, part);
    };
    const submit = async (event) => { await sent(event, dialog); await look(); };
    const stay = (event) => event.preventDefault();
    const done = (is) => {
      clearInterval(timer);
      window.removeEventListener("focus", look);
      dialog.removeEventListener("submit", submit);
      dialog.removeEventListener("cancel", stay);
      document.documentElement.classList.remove("locked");
      if (dialog.open) {
        dialog.close();
        say(form.dataset.welcome);
      }
      resolve(is);
    };
    window.addEventListener("focus", look);
    dialog.addEventListener("submit", submit);
    dialog.addEventListener("cancel", stay);
    timer = setInterval(look, LOOK_AGAIN);
    look();
  });
}
