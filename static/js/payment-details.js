// Puts the gateway's frame into the details page and trades what is entered there for a token.
// The numbers never pass through this page.
(function () {
  "use strict";
  const form = document.getElementById("payment-details");
  if (!form) return;
  const button = document.getElementById("payment-continue");
  const problem = document.getElementById("payment-problem");
  const blocked = document.getElementById("payment-blocked");
  const data = form.dataset;
  const label = button.textContent;

  function show(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  function busy(isBusy) {
    button.disabled = isBusy;
    button.textContent = isBusy ? data.working : label;
  }

  // The gateway refuses a token whose page wished otherwise than the charge: it must hear of the tick.
  function wishes() {
    const options = { card: {}, us_bank_account: { verification_method: "automatic" } };
    if (form.elements.save.checked) options[data.type].setup_future_usage = "off_session";
    return options;
  }

  function giveUp() {
    blocked.hidden = false;
  }

  let stripe;
  let elements;

  // The gateway's script comes in its own time, or not at all: either way this page must say so.
  const waiting = window.setTimeout(giveUp, Number(data.patience) * 1000);
  const script = document.createElement("script");
  script.src = data.script;
  script.addEventListener("error", giveUp);
  script.addEventListener("load", function () {
    try {
      open();
    } catch (error) {
      giveUp();
    }
  });
  document.head.append(script);

  function open() {
    stripe = window.Stripe(data.key);
    elements = stripe.elements({
      mode: "payment",
      amount: Number(data.amount),
      currency: "usd",
      allowedPaymentMethodTypes: [data.type],
      paymentMethodOptions: wishes(),
    });
    const details = { name: data.name, email: data.email, address: { postal_code: data.zip, country: "US" } };
    const element = elements.create("payment", {
      wallets: { applePay: "never", googlePay: "never", link: "never" },
      defaultValues: { billingDetails: details },
    });
    element.on("ready", function () {
      window.clearTimeout(waiting);
      blocked.hidden = true;
      button.disabled = false;
    });
    element.mount("#payment-element");
  }

  form.elements.save.addEventListener("change", function () {
    if (elements) elements.update({ paymentMethodOptions: wishes() });
  });

  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    if (button.disabled) return;
    show("");
    busy(true);
    try {
      const checked = await elements.submit();
      if (checked.error) throw checked.error;
      const made = await stripe.createConfirmationToken({
        elements: elements,
        params: { return_url: data.returnUrl },
      });
      if (made.error) throw made.error;
      form.elements.token.value = made.confirmationToken.id;
      form.submit();
    } catch (error) {
      show((error && error.message) || data.failed);
      busy(false);
    }
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) busy(false); });
})();
