// Returns what is wrong with the build of a page: headings, landmarks, names, and where the links of a mistake lead.
async () => {
  const faults = [];
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const say = (what, element) => faults.push(what + (element ? ": " + element.outerHTML.slice(0, 120) : ""));

  const headings = shown("h1, h2, h3, h4, h5, h6").filter((one) => !one.closest("#error-summary"));
  const level = (heading) => Number(heading.tagName[1]);
  if (headings.filter((one) => level(one) === 1).length !== 1) say("there is not one h1");
  headings.forEach((one, place) => {
    if (level(one) > (place ? level(headings[place - 1]) : 0) + 1) say("a level is skipped", one);
    if (!one.textContent.trim()) say("a heading says nothing", one);
  });

  for (const part of ["body > header", "main", "body > footer"]) {
    if (shown(part).length !== 1) say("there is not one " + part);
  }
  const navigations = shown("nav").map((one) => one.getAttribute("aria-label"));
  if (navigations.includes(null) || new Set(navigations).size < navigations.length) say("two menus have one name, or none");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  if (new Set(ids).size < ids.length) say("an id stands twice: " + ids.filter((one, place) => ids.indexOf(one) < place));
  shown("input, select, textarea").forEach((control) => {
    const names = [...(control.labels || [])].map((one) => one.textContent.trim()).join("");
    if (!names && !control.ariaLabel) say("a control has no name", control);
  });

  const summary = document.getElementById("error-summary");
  if (summary && document.activeElement !== summary) say("the summary has not the focus");
  if (summary && summary.getAttribute("role") !== "alert") say("the summary is not announced");
  if (summary && !summary.querySelector("li")) say("the summary is empty");
  if (summary && !(summary.compareDocumentPosition(headings[0]) & Node.DOCUMENT_POSITION_FOLLOWING)) say("the summary is below the h1");
  for (const link of summary ? summary.querySelectorAll("a") : []) {
    link.click();
    await new Promise((done) => setTimeout(done));
    const reached = document.activeElement;
    if ("#" + reached.id !== link.hash || !reached.matches("input, select, textarea")) say("a link leads to no control", link);
    if (!summary.contains(link)) say("a link stands elsewhere", link);
    if (reached.matches("input, select, textarea") && reached.getAttribute("aria-invalid") !== "true") say("a wrong control does not say so", reached);
  }
  const errors = shown(".ma__error").length + shown("[aria-invalid=true]").length;
  if (errors && !summary) say("a mistake is in no summary");
  return faults;
}
