// Autosave: every field that changed is sent by itself, at the latest a second after the key, one request at a time. What
// is typed while the connection is gone, or nobody is logged in, stays in this page's memory and nowhere else.

import { loginAgain } from "./again.js";
import { dataOf, fieldById, fieldOf, fileIn, setProgress, setState } from "./field.js";
import { apply, say } from "./parts.js";
import { post, postAndForget } from "./send.js";

const EVERY = 700; // ms between a key and its request, also while typing goes on
const FIRST_RETRY = 1000, LONGEST_RETRY = 30000; // ms

// The input and its message belong together, for who hears the page.
function mark(field) {
  const wrong = Boolean(field?.querySelector(".save-state[data-refused]"));
  const message = field?.querySelector(".form-error-message");
  for (const input of message ? field.querySelectorAll("input:not([type=hidden]), textarea, select") : []) {
    if (input.name?.startsWith("why.")) continue;
    const about = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== message.id);
    if (wrong) about.unshift(message.id);
    if (about.length) input.setAttribute("aria-describedby", about.join(" "));
    else input.removeAttribute("aria-describedby");
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  field?.classList.toggle("form-error", wrong);
}

// A random UUID; crypto.randomUUID is not there on a page without TLS.
function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Queue {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.dirty = new Map(); // field id → how often it has changed; oldest first
    this.refused = new Set(); // fields whose words the server does not take (too long …)
    this.sending = null; // the promise of the request under way
    this.timer = null;
    this.failures = 0;
    this.stopped = false; // logged out, or not allowed any more
    this.leaving = false;
    this.page = name(); // of this open page: an answer lost on the way must not make its own words another's
    this.turn = 0;
  }

  data(field, action = "") {
    const data = dataOf(field, this.form, action);
    data.append("page", this.page);
    data.append("turn", String((this.turn += 1)));
    return data;
  }

  changed(field) {
    this.dirty.set(field.id, (this.dirty.get(field.id) || 0) + 1);
    if (!this.failures && !this.stopped) setState(field, this.words.waiting);
    this.later(EVERY);
  }

  later(ms) {
    if (this.timer || this.sending || this.stopped || !this.dirty.size) return;
    this.timer = setTimeout(() => this.next(), this.failures ? Math.max(ms, this.wait()) : ms);
  }

  wait() {
    return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (this.failures - 1)) * (0.8 + 0.4 * Math.random());
  }

  // Sends the oldest change now. Resolves when it is answered.
  next() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.sending || this.stopped || !this.dirty.size) return this.sending || Promise.resolve();
    const [id] = this.dirty.keys();
    const field = fieldById(id);
    if (!field || !field.dataset.save) {
      this.dirty.delete(id);
      return this.next();
    }
    return this.send(field);
  }

  // ``action``: a button of the field (undo, rows) instead of what was typed.
  send(field, action = "") {
    const version = this.dirty.get(field.id);
    const data = this.data(field, action);
    this.sending = post(field.dataset.save, data, (share) => setProgress(field, share))
      .then((answer) => this.answered(field, version, answer));
    return this.sending;
  }

  async answered(field, version, answer) {
    this.sending = null;
    if (answer.kind === "ok") this.saved(field, version, answer.html);
    else if (answer.kind === "away") this.away(field);
    else if (answer.kind === "refused") await this.whoIsIt(field);
    else this.given_up(field);
    this.later(EVERY);
    return answer.kind;
  }

  saved(field, version, html) {
    if (this.failures) this.back();
    this.failures = 0;
    this.askedFor = null;
    document.dispatchEvent(new CustomEvent("tillid:saved"));
    if (this.dirty.get(field.id) === version) this.dirty.delete(field.id);
    apply(html, (id) => this.dirty.has(id));
    const now = fieldById(field.id);
    mark(now);
    if (now?.querySelector(".save-state[data-refused]")) this.refused.add(field.id);
    else this.refused.delete(field.id);
    if (this.dirty.has(field.id)) setState(now, this.words.waiting);
  }

  away(field) {
    if (!this.dirty.has(field.id)) this.dirty.set(field.id, 1);
    this.failures += 1;
    for (const id of this.dirty.keys()) setState(fieldById(id), this.words.failed, true);
    this.notice(this.words.offline, true);
  }

  back() {
    this.notice(this.words.back, false);
    setTimeout(() => { if (!this.failures) this.notice("", false); }, 8000);
  }

  // The one answer for logged out, somebody else, and no longer allowed: ask which, and go on as the same person only.
  async whoIsIt(field) {
    this.stopped = true;
    if (!this.dirty.has(field.id)) this.dirty.set(field.id, 1);
    setState(field, this.words.failed, true);
    const same = await loginAgain(this.form);
    if (same === "away") {
      this.stopped = false;
      return this.away(field);
    }
    if (this.askedFor === field.id) {
      // Logged in as the same person, and refused again: the document has been locked meanwhile.
      this.given_up(field);
    }
    this.askedFor = field.id;
    this.stopped = false;
  }

  // The page itself was refused (who else writes here?): nothing may wait, but the words must not stay on the screen.
  async check() {
    if (this.stopped) return;
    this.stopped = true;
    await loginAgain(this.form);
    this.stopped = false;
    this.later(EVERY);
  }

  given_up(field) {
    this.dirty.delete(field.id);
    this.refused.add(field.id);
    setState(field, this.words.refused, true);
    say(this.words.refused);
  }

  // A file that waits for what its employee says of it.
  unsaid(field, words) {
    this.refused.add(field.id);
    setState(field, words, true);
  }

  notice(text, failed) {
    const box = document.getElementById("connection");
    if (!box) return;
    const line = box.querySelector("p");
    box.hidden = !text;
    box.classList.toggle("failed", failed);
    if (line.textContent !== text) line.textContent = text;
  }

  // Whether everything typed is with the server (or was looked at and not taken); sends what is not.
  async flush() {
    while ((this.dirty.size || this.sending) && !this.stopped) {
      const before = this.failures;
      await (this.sending || this.next());
      if (this.failures > before) return false;
    }
    return !this.dirty.size;
  }

  // The page is left or hidden: nothing waits for the next second.
  handOver() {
    if (this.stopped) return;
    for (const id of this.dirty.keys()) {
      const field = fieldById(id);
      if (field) postAndForget(field.dataset.save, this.data(field));
    }
  }

  get unsaved() {
    return this.dirty.size > 0 || this.refused.size > 0 || Boolean(this.sending);
  }
}

export function startSaving(form) {
  const queue = new Queue(form);
  const changed = (event) => {
    const field = fieldOf(event.target);
    if (event.target.name?.startsWith("why.")) return; // a reason goes with its own button
    if (event.target.closest("[data-of-file]") && !fileIn(field)) return; // so does what is said of a file
    // A file counts when it is chosen; typing counts at every key.
    if (field && !(event.type === "input" && event.target.type === "file")) queue.changed(field);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => { if (event.target.type === "file") changed(event); });
  form.addEventListener("tillid:unsaid", (event) => queue.unsaid(event.target, event.detail));
  window.addEventListener("online", () => queue.next());
  document.getElementById("connection")?.querySelector("button")?.addEventListener("click", () => queue.next());
  document.addEventListener("visibilitychange", () => { if (document.hidden) queue.flush(); });
  // Who else writes is not asked for while nothing can be asked.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (queue.failures || queue.stopped || !navigator.onLine) event.preventDefault();
  });
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 404) queue.check(); });
  window.addEventListener("pagehide", () => queue.handOver());
  window.addEventListener("beforeunload", (event) => {
    if (queue.unsaved && !queue.leaving) event.preventDefault();
  });
  form.addEventListener("submit", (event) => submitted(event, form, queue));
  return queue;
}

// A form is sent when every field on its way has been answered; else the server would see two writers where there is one.
async function submitted(event, form, queue) {
  if (event.defaultPrevented || queue.leaving) return;
  if (event.submitter?.hasAttribute("data-enter")) { // Enter in a text field: save, and stay in it
    event.preventDefault();
    const reason = document.activeElement?.closest(".soft-warning");
    if (reason) reason.querySelector("button").click();
    else queue.flush();
    return;
  }
  if (!queue.dirty.size && !queue.sending) {
    queue.leaving = true;
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  if (!(await queue.flush())) return;
  queue.leaving = true;
  form.requestSubmit(button?.isConnected ? button : null);
}
