// The designer: while a field is edited, how it looks and what the checks say is drawn anew beside it; nothing is stored.
const WAIT = 600;

export function startDesigning(editor) {
  const looked = document.getElementById("looked");
  if (editor.dataset.focusAt) document.getElementById(editor.dataset.focusAt)?.focus();
  let timer = 0;
  let turn = 0;

  async function look() {
    const mine = ++turn;
    const body = new URLSearchParams(new FormData(editor));
    body.set("do", "look");
    try {
      const answer = await fetch(editor.dataset.look, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok || mine !== turn) return;
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === turn) looked.replaceChildren(...drawn.body.childNodes);
    } catch { /* no connection: what stands there is of before, and saving says what is wrong */ }
  }

  editor.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.target.matches("[data-redraw]")) timer = setTimeout(look, WAIT);
  });

  // Another type, field or operator brings other inputs: the whole page is drawn again as it is typed.
  editor.addEventListener("change", (event) => {
    if (!event.target.matches("[data-redraw]")) return;
    const button = document.createElement("button");
    button.name = "do";
    button.value = "redraw";
    button.hidden = true;
    editor.append(button);
    const back = document.createElement("input");
    back.type = "hidden";
    back.name = "focus";
    back.value = event.target.id;
    editor.append(back);
    editor.requestSubmit(button);
  });
}
