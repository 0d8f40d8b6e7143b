// Where the focus goes: an error summary, the field that a link names, the step list on a wide screen.

const INPUTS = "input:not([type=hidden]), select, textarea";

// Puts the focus on the element, or on the first input in it, with the field's label in view.
export function focusOn(target) {
  if (!target) return;
  (target.closest(".field") || target).scrollIntoView({ block: "nearest" });
  const input = target.matches("input, select, textarea, button, [tabindex]") ? target : target.querySelector(INPUTS);
  (input || target).focus({ preventScroll: true });
}

function named(hash) {
  return hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
}

export function startFocus(root) {
  if (window.matchMedia("(min-width: 992px)").matches) {
    root.querySelectorAll("details[data-open-wide]").forEach((box) => { box.open = true; });
  }
  const focused = root.querySelector("[data-focus]");
  if (focused) focused.focus();
  else if (root === document && /^#f(ield)?-/.test(location.hash)) focusOn(named(location.hash));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".to-field a[href^='#'], .error-summary a[href^='#']");
  const target = link && named(link.hash);
  if (!target) return;
  event.preventDefault();
  const field = target.closest(".field") || target;
  field.scrollIntoView();
  focusOn(target);
});
