// Looks at one page as Lighthouse does on a phone; prints its scores, and what lost points, as JSON.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [url, headers, flags] = process.argv.slice(2).map((word, place) => (place ? JSON.parse(word) : word));
const chrome = await launch({ chromePath: process.env.CHROME_PATH, chromeFlags: ["--headless=new", ...flags] });
try {
  const { lhr } = await lighthouse(url, {
    port: chrome.port,
    logLevel: "error",
    onlyCategories: ["performance", "accessibility", "best-practices"],
    extraHeaders: headers,
  });
  const scores = {};
  const lost = [];
  for (const [name, category] of Object.entries(lhr.categories)) {
    scores[name] = category.score === null ? null : Math.round(category.score * 100);
    for (const { id, weight } of category.auditRefs) {
      const { score, displayValue } = lhr.audits[id];
      if (weight && score !== null && score < 0.9) lost.push(`${name}: ${id} ${displayValue ?? ""}`.trim());
    }
  }
  console.log(JSON.stringify({ scores, lost, address: lhr.finalDisplayedUrl, error: lhr.runtimeError?.message ?? "" }));
} finally {
  chrome.kill();
}
