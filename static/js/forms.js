// Adds to forms what they work without: focus on the error summary, a show button for passwords, one send per press.
(function () {
  "use strict";
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();

  function addShowButton(field) {
    const input = field.querySelector("input");
    const label = field.querySelector("label");
    if (!input || !label) return;
    const row = document.createElement("div");
    const button = document.createElement("button");
    row.className = "ma__with-show";
    button.type = "button";
    button.className = "ma__button ma__button--secondary ma__show";
    const word = document.createElement("span");
    const what = document.createElement("span"); // which one, for the ear
    word.textContent = field.dataset.showPassword;
    what.className = "ma__visually-hidden";
    what.textContent = " " + label.textContent.trim();
    button.append(word, what);
    button.setAttribute("aria-controls", input.id);
    input.replaceWith(row);
    row.append(input, button);
    button.addEventListener("click", function () {
      const shows = input.type === "password";
      input.type = shows ? "text" : "password";
      word.textContent = shows ? field.dataset.hidePassword : field.dataset.showPassword;
    });
    if (input.form) input.form.addEventListener("submit", function () { input.type = "password"; });
  }
  document.querySelectorAll("[data-show-password]").forEach(addShowButton);

  document.querySelectorAll("form[data-once]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      form.querySelectorAll("button").forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-once]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (button) { button.removeAttribute("aria-disabled"); });
    });
  });
})();
