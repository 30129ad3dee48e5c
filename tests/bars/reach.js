// Returns what a finger or the keyboard cannot use: targets lower than 44 pixels outside of text, a focus that is not seen.
() => {
  const faults = [];
  const say = (what, element) => faults.push(what + ": " + element.outerHTML.slice(0, 120));
  const inText = (link) => link.matches("a") && link.parentElement.textContent.trim() !== link.textContent.trim();
  const reach = (control) => control.closest(".ma__choice") || control;
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  document.querySelectorAll(controls).forEach((control) => {
    const box = reach(control).getBoundingClientRect();
    if (control.disabled || !control.checkVisibility() || box.width === 0) return;
    if (box.height < 43.9 && box.right > 0 && !inText(control)) say("small, " + box.height, control);
    control.focus({ preventScroll: true });
    const style = getComputedStyle(control);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) say("focus is not seen", control);
  });
  return faults;
}
