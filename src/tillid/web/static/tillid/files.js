// A file that is larger than the field takes is not sent at all: the server would not even read it to the end.

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-most]")) return;
  const error = input.closest(".field")?.querySelector(".form-error-message");
  const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
  if (!error || !tooLarge) return;
  event.stopImmediatePropagation(); // nothing to save
  input.value = "";
  error.textContent = input.dataset.tooLarge;
  error.hidden = false;
  input.setAttribute("aria-invalid", "true");
  input.closest(".field").classList.add("form-error");
  input.focus();
}, true);
