// A copy's PDF beside its text, or in its place where there is room for one. Where the browser shows no PDF within a page,
// and on a phone, whose browsers show only the first page of it, the pages come as pictures. Nothing is fetched unseen.

const WIDE = window.matchMedia("(min-width: 992px)");
const SHOWS_PDF = navigator.pdfViewerEnabled === true && !window.matchMedia("(pointer: coarse)").matches;

function framed(pane, name) {
  const frame = document.createElement("iframe");
  frame.title = pane.dataset.title;
  frame.name = name;
  pane.append(frame);
  return frame;
}

const AS_WIDE = "#view=FitH&navpanes=0"; // what PDF viewers understand: as wide as there is room, nothing beside the pages

function pictures(pane, pages) {
  pane.append(pages);
  pane.tabIndex = 0; // it scrolls, so that the keys must reach it
}

// In place of a page that could not be drawn or fetched: an empty frame says nothing, and an image's answer nobody reads.
function failed(pane) {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.textContent = pane.dataset.failed;
  return said;
}

function fill(pane) {
  if (pane.dataset.filled) return;
  pane.dataset.filled = "yes";
  if (pane.dataset.form) fillByPost(pane);
  else if (SHOWS_PDF) framed(pane, "beside").src = pane.dataset.pdf + AS_WIDE;
  else pictures(pane, pane.querySelector("template").content.cloneNode(true));
}

// In the archive a purpose is posted with every opening and stands in no address: the page's own forms are sent.
async function fillByPost(pane) {
  if (SHOWS_PDF) {
    const form = document.getElementById(pane.dataset.form).cloneNode(true);
    form.removeAttribute("id");
    form.hidden = true;
    form.action += AS_WIDE;
    form.target = framed(pane, "beside").name;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "vis", value: "1" }));
    pane.append(form);
    form.submit();
    return;
  }
  const form = document.getElementById(pane.dataset.pages);
  const pages = await posted(form);
  if (pages) pictures(pane, document.adoptNode(pages));
  else pane.replaceChildren(failed(pane));
}

async function posted(form) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok ? page.querySelector(".page-pictures") : null;
  } catch {
    return null; // the line is down
  }
}

function arrange(shows) {
  const pane = document.getElementById("beside");
  const choice = document.querySelector(".beside-choice");
  const text = document.querySelector(".beside-text");
  if (!pane || !choice || !text) return;
  if (shows) choice.dataset.shows = shows;
  const pages = choice.dataset.shows === "pages";
  choice.hidden = WIDE.matches;
  text.hidden = !WIDE.matches && pages;
  pane.hidden = !WIDE.matches && !pages;
  for (const button of choice.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String((button.dataset.show === "pages") === pages));
  }
  if (!pane.hidden) fill(pane);
}

export function startBeside(root) {
  if (root === document || root.querySelector?.("#beside") || root.id === "beside") arrange();
}

document.addEventListener(
  "error",
  (event) => {
    const pane = event.target.closest?.(".page-pictures") && event.target.closest("#beside");
    if (pane) event.target.replaceWith(failed(pane));
  },
  true, // an image's error does not bubble
);
WIDE.addEventListener("change", () => arrange());
document.addEventListener("htmx:oobAfterSwap", () => arrange()); // the receiver's copy was made meanwhile
document.addEventListener("click", (event) => {
  const button = event.target.closest(".beside-choice button");
  if (button) arrange(button.dataset.show);
});
