// Inside the payment frame: checks what was typed, sends it to the sandbox, and gives the page outside a token.
(function () {
  "use strict";
  const parentOrigin = document.documentElement.dataset.parent;
  const name = new URLSearchParams(window.location.search).get("name");
  const form = document.getElementById("payment-form");
  let key = "";

  function tell(kind, body) {
    window.parent.postMessage({ name: name, kind: kind, body: body || {} }, parentOrigin);
  }
  function field(id) { return document.getElementById(id); }
  function text(id) { return field(id).value.trim(); }
  function digits(id) { return field(id).value.replace(/[\s-]/g, ""); }
  function checked(group) {
    const found = document.querySelector('input[name="' + group + '"]:checked');
    return found ? found.value : "";
  }
  function kind() { return checked("kind") || form.dataset.kind; }

  function show(id, message) {
    const input = field(id);
    const note = field(id + "-error");
    note.textContent = message || "";
    note.hidden = !message;
    if (message) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
  }
  function showProblem(message) {
    const note = field("form-error");
    note.textContent = message || "";
    note.hidden = !message;
  }

  function rightLastDigit(number) {
    let total = 0;
    Array.from(number).reverse().forEach(function (digit, place) {
      const value = Number(digit) * (1 + place % 2);
      total += value > 9 ? value - 9 : value;
    });
    return total % 10 === 0;
  }
  function expiry() {
    const match = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(text("card-expiry"));
    if (!match) return null;
    const year = Number(match[2]) + (match[2].length === 2 ? 2000 : 0);
    return { month: Number(match[1]), year: year };
  }

  const checks = {
    "card-number": function () {
      const number = digits("card-number");
      if (!number) return "Enter the card number.";
      if (!/^\d{13,19}$/.test(number)) return "The card number has 13 to 19 digits.";
      return rightLastDigit(number) ? "" : "This card number is not right. Check each digit.";
    },
    "card-expiry": function () {
      const date = expiry();
      if (!text("card-expiry")) return "Enter the expiry date, such as 04/29.";
      if (!date || date.month < 1 || date.month > 12) return "Enter the expiry date as month and year, such as 04/29.";
      const now = new Date();
      const past = date.year * 12 + date.month < now.getFullYear() * 12 + now.getMonth() + 1;
      return past ? "This card has expired." : "";
    },
    "card-cvc": function () {
      if (!digits("card-cvc")) return "Enter the security code.";
      const amex = /^3[47]/.test(digits("card-number"));
      if (amex) return /^\d{3,4}$/.test(digits("card-cvc")) ? "" : "The security code has 4 digits, on the front of the card.";
      return /^\d{3}$/.test(digits("card-cvc")) ? "" : "The security code has 3 digits.";
    },
    "card-zip": function () {
      if (!text("card-zip")) return "Enter the ZIP code of the card's billing address.";
      return /^\d{5}(-?\d{4})?$/.test(text("card-zip")) ? "" : "Enter a ZIP code with 5 digits.";
    },
    "bank-holder": function () { return text("bank-holder") ? "" : "Enter the name of the account holder."; },
    "bank-routing": function () {
      if (!digits("bank-routing")) return "Enter the routing number.";
      return /^\d{9}$/.test(digits("bank-routing")) ? "" : "The routing number has 9 digits.";
    },
    "bank-account": function () {
      if (!digits("bank-account")) return "Enter the account number.";
      return /^\d{4,17}$/.test(digits("bank-account")) ? "" : "The account number has 4 to 17 digits.";
    },
  };
  function fields() {
    const prefix = kind() === "card" ? "card-" : "bank-";
    return Object.keys(checks).filter(function (id) { return id.indexOf(prefix) === 0; });
  }

  function validate() {
    showProblem("");
    const wrong = fields().filter(function (id) {
      const message = checks[id]();
      show(id, message);
      return message;
    });
    if (!wrong.length) return null;
    field(wrong[0]).focus();
    return { type: "validation_error", message: "Check the payment details: something is missing or not right." };
  }

  let defaults = {};
  function details(given) {
    const billing = Object.assign({}, defaults, (given || {}).billing_details);
    billing.address = Object.assign({}, defaults.address, billing.address);
    if (kind() === "us_bank_account") {
      billing.name = text("bank-holder");
      const account = { account_holder_type: "individual", account_type: checked("bank-type"),
        account_number: digits("bank-account"), routing_number: digits("bank-routing") };
      return { type: "us_bank_account", us_bank_account: account, billing_details: billing };
    }
    const date = expiry();
    billing.address.postal_code = text("card-zip");
    const card = { number: digits("card-number"), exp_month: date.month, exp_year: date.year, cvc: digits("card-cvc") };
    return { type: "card", card: card, billing_details: billing };
  }

  async function call(method, path, body) {
    const options = { method: method, headers: { Authorization: "Bearer " + key } };
    if (body) { options.body = JSON.stringify(body); options.headers["Content-Type"] = "application/json"; }
    try {
      return await (await fetch(path, options)).json();
    } catch (error) {
      return { error: { type: "api_connection_error", message: "The payment service did not answer. Please try again." } };
    }
  }

  async function token(body) {
    const error = validate();
    if (error) return { error: error };
    const made = await call("POST", "/v1/confirmation_tokens", {
      payment_method_data: details(body.params.payment_method_data),
      return_url: body.params.return_url, expected: body.expected,
      bank_verification: kind() === "us_bank_account" ? checked("bank-verify") : undefined,
    });
    if (!made.error) return { confirmationToken: made };
    showProblem(made.error.message);
    return { error: made.error };
  }

  function start(body) {
    key = body.key;
    defaults = JSON.parse(JSON.stringify(body.defaults || {}));
    const zip = (defaults.address || {}).postal_code;
    if (field("bank-holder") && !text("bank-holder")) field("bank-holder").value = defaults.name || "";
    if (field("card-zip") && !text("card-zip")) field("card-zip").value = zip || "";
    tell("ready");
  }

  async function retrieve(body) {
    key = body.key;
    const id = body.secret.split("_secret_")[0];
    const path = id.indexOf("seti_") === 0 ? "/v1/setup_intents/" : "/v1/payment_intents/";
    const found = await call("GET", path + encodeURIComponent(id) + "?client_secret=" + encodeURIComponent(body.secret));
    return found.error ? { error: found.error } : { intent: found };
  }

  const answers = {
    start: function (body) { start(body); },
    submit: function () { const error = validate(); return error ? { error: error } : { selectedPaymentMethod: kind() }; },
    token: token,
    retrieve: retrieve,
  };
  window.addEventListener("message", async function (event) {
    if (event.origin !== parentOrigin || event.source !== window.parent) return;
    const data = event.data || {};
    if (data.name !== name || !answers[data.kind]) return;
    const body = await answers[data.kind](data.body || {});
    if (data.question) window.parent.postMessage({ name: name, kind: "answer", question: data.question, body: body }, parentOrigin);
  });

  if (form) {
    const sections = { card: field("card-fields"), us_bank_account: field("bank-fields") };
    const switchKind = function () {
      Object.keys(sections).forEach(function (one) { if (sections[one]) sections[one].hidden = one !== kind(); });
      tell("change", { value: { type: kind() } });
    };
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("change", switchKind);
    form.addEventListener("input", function (event) { if (checks[event.target.id]) show(event.target.id, ""); });
    switchKind();
    new ResizeObserver(function () {
      tell("height", { height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
    }).observe(document.documentElement);
  }
  tell("hello");
})();
