// A file that is larger than the field takes is not sent at all: the server would not even read it to the end. A picture is not sent
// before the employee has said what it is; it stays chosen, and the answer sends it.

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-most]")) return;
  const field = input.closest(".field"), error = field?.querySelector(".form-error-message");
  if (!error) return;
  const asked = input.parentElement.querySelector("[data-of-file]");
  if ([...input.files].some((file) => file.size > Number(input.dataset.most))) {
    event.stopImmediatePropagation(); // nothing to save
    input.value = "";
    tell(field, error, input, input.dataset.tooLarge);
  } else if (asked && !asked.querySelector(":checked") && [...input.files].some((file) => file.type.startsWith("image/"))) {
    event.stopImmediatePropagation();
    tell(field, error, asked.querySelector("input"), asked.dataset.ofFile);
    field.dispatchEvent(new CustomEvent("tillid:unsaid", { bubbles: true, detail: asked.dataset.notSaved })); // not saved: the page is not left silently
  }
}, true);

function tell(field, error, input, text) {
  error.textContent = text;
  error.hidden = false;
  input.setAttribute("aria-invalid", "true");
  const about = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== error.id);
  input.setAttribute("aria-describedby", [error.id, ...about].join(" "));
  field.classList.add("form-error");
  input.focus();
}
