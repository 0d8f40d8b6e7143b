// "Lås og skift person", and a page that the browser brings back from its memory.

export function startSwitching(queue) {
  // The buttons stand outside the form; what is typed is sent first.
  document.querySelectorAll("form[data-leaving]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      if (!queue || queue.leaving || !queue.unsaved) return;
      event.preventDefault();
      if (!(await queue.flush()) || queue.refused.size) {
        document.querySelector(".save-state.failed")?.closest(".field")?.querySelector("input, textarea")?.focus();
        return;
      }
      queue.leaving = true;
      form.requestSubmit(event.submitter);
    });
  });
  document.querySelector("[data-print]")?.addEventListener("click", (event) => {
    event.preventDefault();
    window.print();
  });
  // Whoever goes back after a change of person sees what the server answers now, not what was on the screen.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
