// The small things that HTML cannot do. Every page works without this file; texts come from the page (data attributes).
(function () {
  "use strict";
  document.documentElement.classList.add("js");

  // Characters left: counted as the server counts them, by code points after line ends are made one character.
  function length(text) { return Array.from(text.replace(/\r\n?/g, "\n").normalize("NFC")).length; }

  function count(area) {
    const limit = area.closest(".form-limit");
    if (!limit) return;
    const left = Number(limit.dataset.maxlength) - length(area.value);
    const text = (left < 0 ? limit.dataset.over : limit.dataset.left).replace("{n}", Math.abs(left));
    limit.querySelector(".character-limit").textContent = text;
    limit.classList.toggle("form-limit-error", left < 0);
    clearTimeout(area.speaking);
    // A screen reader hears the number when the writer pauses, not at every key.
    area.speaking = setTimeout(function () { limit.querySelector(".character-limit-sr-only").textContent = text; }, 1000);
  }

  function start(root) {
    root.querySelectorAll(".form-limit .form-input").forEach(count);
    if (window.matchMedia("(min-width: 992px)").matches) {
      root.querySelectorAll("details[data-open-wide]").forEach(function (box) { box.open = true; });
    }
    const focused = root.querySelector("[data-focus]");
    if (focused) focused.focus();
  }

  document.addEventListener("input", function (event) {
    if (event.target.matches(".form-limit .form-input")) count(event.target);
  });

  // Links of the error summary lead to the label above the field, with the field focused.
  document.addEventListener("click", function (event) {
    const link = event.target.closest(".error-summary a[href^='#']");
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    (target.closest(".field") || target).scrollIntoView();
    const input = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    (input || target).focus({ preventScroll: true });
  });

  // Autosave: what is on its way, saved, or not saved is always said. Leaving with unsaved words asks first.
  const unsaved = new Set();
  function state(form, input, key) {
    const field = input.closest(".field"), line = field && field.querySelector(".save-state");
    if (!line) return;
    line.textContent = form.dataset[key] || "";
    line.classList.toggle("failed", key === "failed");
  }
  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-autosave]");
    if (form) { unsaved.add(form); state(form, event.target, "waiting"); }
  });
  // A form that is sent while one of its fields is still on its way waits for it; else the server would see two
  // writers where there is one.
  const sending = new Map(), waiting = new Map();
  document.addEventListener("htmx:beforeSend", function (event) {
    const form = event.target.closest("form[data-autosave]");
    if (!form) return;
    sending.set(form, (sending.get(form) || 0) + 1);
    state(form, event.target, "saving");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const form = event.target.closest("form[data-autosave]");
    if (!form) return;
    sending.set(form, Math.max((sending.get(form) || 1) - 1, 0));
    if (event.detail.successful) { unsaved.delete(form); } else { state(form, event.target, "failed"); }
    setTimeout(function () {
      if (sending.get(form) || !waiting.has(form)) return;
      const button = waiting.get(form);
      waiting.delete(form);
      form.requestSubmit(button);
    }, 60);
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved.size) event.preventDefault();
  });
  document.addEventListener("submit", function (event) {
    if (sending.get(event.target)) {
      event.preventDefault();
      waiting.set(event.target, event.submitter);
      return;
    }
    unsaved.clear();
  });
  document.addEventListener("htmx:load", function (event) { start(event.detail.elt); });
  if (!window.htmx) start(document);
})();
