// One request to our own server, and what became of it in one word:
// ok (with the answer's text), away (no connection, or the server cannot now: try again), refused (404: logged out, another
// person, or no longer allowed), wrong (the server has looked at it and says no).

const PATIENCE = 20000; // ms without an answer before the connection counts as gone

function outcome(status, html) {
  if (status >= 200 && status < 300) return { kind: "ok", html };
  if (status === 0 || status >= 500 || status === 429) return { kind: "away" };
  if (status === 404 || status === 403 || status === 401) return { kind: "refused" };
  return { kind: "wrong", html };
}

function hasFile(data) {
  return [...data.values()].some((value) => value instanceof File && value.size);
}

async function fetched(address, options) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { cache: "no-store", redirect: "manual", signal: gone.signal, ...options });
    if (answer.type === "opaqueredirect") return { kind: "ok", html: "" };
    return outcome(answer.status, await answer.text());
  } catch {
    return { kind: "away" };
  } finally {
    clearTimeout(timer);
  }
}

// A file's way is shown; fetch cannot tell how far it has got.
function uploaded(address, data, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    request.onload = () => resolve(outcome(request.status, request.responseText));
    request.onerror = () => resolve({ kind: "away" });
    request.onabort = request.onerror;
    request.send(data);
  });
}

// Without files as plain form data, which the server reads faster.
function body(data) {
  return new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));
}

export function post(address, data, progress = () => {}) {
  return hasFile(data) ? uploaded(address, data, progress) : fetched(address, { method: "POST", body: body(data) });
}

export function get(address) {
  return fetched(address, { method: "GET" });
}

// While the page goes away: handed to the browser, nobody waits for the answer.
export function postAndForget(address, data) {
  if (!hasFile(data)) fetch(address, { method: "POST", body: body(data), keepalive: true }).catch(() => {});
}
