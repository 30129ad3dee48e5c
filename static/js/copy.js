// Adds to a number a button that copies it. Where the browser has no clipboard to give, nothing is added.
(function () {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach(function (place) {
    const number = place.textContent.trim();
    const button = document.createElement("button");
    const said = document.createElement("span");
    button.type = "button";
    button.className = "ma__button ma__button--secondary ma__copy";
    button.textContent = place.dataset.copy;
    said.setAttribute("role", "status");
    place.append(" ", button, " ", said);
    button.addEventListener("click", async function () {
      try {
        await navigator.clipboard.writeText(number);
        said.textContent = place.dataset.copied;
      } catch (error) {
        said.textContent = place.dataset.failed;
      }
    });
  });
})();
