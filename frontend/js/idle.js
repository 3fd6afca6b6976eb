// One sentence a minute before the session ends, and one when it has ended.
//
//   <body data-idle-seconds="900"           the session ends after so long without a request
//         data-idle-url="/…"                a page that answers 204 and so keeps the session
//         data-idle-text="一分钟后将自动退出。" data-idle-stay="继续工作"
//         data-idle-gone="已自动退出，请重新登录。">
//
// The server decides; this only tells.  A visit in another window counts, so the time of the last
// request is shared; a page that polls by itself is no visit, and the server must not take it for
// one either.
const SEEN = "k-seen";
const MINUTE = 60 * 1000;

let last = 0;

function seen() {
  last = Date.now();
  try {
    localStorage.setItem(SEEN, String(last));
  } catch {
    // no storage: each window then counts for itself
  }
}

function lastSeen() {
  try {
    return Math.max(last, Number(localStorage.getItem(SEEN)) || 0);
  } catch {
    return last;
  }
}

function bar(text) {
  const line = document.createElement("div");
  line.className = "k-idle noprint";
  line.setAttribute("role", "alert");
  line.append(document.createElement("span"));
  line.firstChild.textContent = text;
  document.body.append(line);
  return line;
}

export function warnWhenIdle(body) {
  const limit = Number(body.dataset.idleSeconds) * 1000;
  if (!limit) return;
  let shown = null; // the bar, and which of the two sentences it says
  const hide = () => {
    if (shown) shown.line.remove();
    shown = null;
  };
  const stay = () => {
    fetch(body.dataset.idleUrl, { method: "GET", credentials: "same-origin", cache: "no-store" })
      .then((answer) => {
        if (!answer.ok || answer.redirected) throw new Error("signed out");
        seen();
        hide();
      })
      .catch(() => tell("gone"));
  };
  const tell = (what) => {
    if (shown && shown.what === what) return;
    hide();
    shown = { what, line: bar(what === "soon" ? body.dataset.idleText : body.dataset.idleGone) };
    if (what !== "soon" || !body.dataset.idleUrl) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-k";
    button.textContent = body.dataset.idleStay;
    button.addEventListener("click", stay);
    shown.line.append(button);
  };
  // By the clock, not by one long timer: a machine that sleeps wakes up late.
  const look = () => {
    const left = lastSeen() + limit - Date.now();
    if (left <= 0) tell("gone");
    else if (left <= MINUTE) tell("soon");
    else hide();
  };

  seen();
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.closest("[data-poll]")) seen();
  });
}
