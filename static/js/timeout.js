// Warns before the session ends and leads to the log-in page when it has. Another tab's activity counts too.
(function () {
  "use strict";
  const body = document.body.dataset;
  const dialog = document.getElementById("time-out");
  const logOut = document.getElementById("log-out");
  if (!dialog || !dialog.showModal || !logOut) return;
  const token = logOut.elements.csrfmiddlewaretoken;
  const left = document.getElementById("time-out-left");
  const stay = document.getElementById("time-out-stay");
  const idle = Number(body.idleSeconds) * 1000;
  const warning = Number(body.warningSeconds) * 1000;
  const key = "session-seen-at";
  let seenAt = 0;
  let isLeaving = false;

  function touch() {
    seenAt = Date.now();
    try { localStorage.setItem(key, String(seenAt)); } catch (error) { /* then this tab counts alone */ }
  }

  function secondsLeft() {
    try { seenAt = Math.max(seenAt, Number(localStorage.getItem(key))); } catch (error) { /* as above */ }
    return Math.ceil((seenAt + idle - Date.now()) / 1000);
  }

  function post(url, fields) {
    return fetch(url, { method: "POST", body: fields, headers: { "X-CSRFToken": token.value }, redirect: "manual" });
  }

  // What is typed in the forms of this page, but for passwords and files.
  function typed() {
    const fields = new URLSearchParams({ kept_page: window.location.pathname });
    document.querySelectorAll("main form[method=post]").forEach(function (form) {
      form.querySelectorAll("[type=password], [data-show-password] input").forEach(function (input) { input.disabled = true; });
      new FormData(form).forEach(function (value, name) { if (typeof value === "string") fields.append(name, value); });
    });
    return fields;
  }

  async function leave() {
    if (isLeaving) return;
    isLeaving = true;
    const here = window.location.pathname + window.location.search;
    try {
      await post(body.endUrl, typed()); // the session ends now, even where the server would still wait
    } catch (error) {
      // No connection: the log-in page cannot be reached either, and the browser says so.
    } finally {
      window.location.assign(body.loginUrl + "?ended=1&next=" + encodeURIComponent(here));
    }
  }

  function look() {
    const seconds = secondsLeft();
    if (seconds <= 0) return leave();
    if (seconds * 1000 > warning) return dialog.close();
    left.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    if (!dialog.open) {
      dialog.showModal();
      stay.focus();
    }
  }

  async function extend() {
    try {
      const answer = await post(body.extendUrl);
      if (!answer.ok) return leave();
      touch();
      dialog.close();
    } catch (error) {
      dialog.close(); // no connection: look() asks again a second later, until the time is over
    }
  }

  stay.addEventListener("click", extend);
  dialog.addEventListener("cancel", function (event) {
    event.preventDefault();
    extend();
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) look(); });
  touch();
  window.setInterval(look, 1000);
})();
