// Stands in for Stripe.js in development: window.Stripe with the calls the portal uses. The form is a frame of the
// sandbox; what is typed there goes to the sandbox alone, and only a token comes back, between checked origins.
(function () {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;
  let count = 0;

  // One frame and the questions asked of it. Answers carry the number of their question.
  function channel(path, query) {
    const frame = document.createElement("iframe");
    const waiting = new Map();
    const listeners = { ready: [], change: [], hello: [], height: [] };
    const name = "sandbox-" + (++count);
    const words = new URLSearchParams(Object.assign({ parent: window.location.origin, name: name }, query));
    frame.src = origin + path + "?" + words.toString();
    frame.title = "Secure payment form (test)";
    frame.setAttribute("scrolling", "no");

    function receive(event) {
      if (event.origin !== origin || event.source !== frame.contentWindow) return;
      const data = event.data || {};
      if (data.name !== name) return;
      if (data.kind === "answer" && waiting.has(data.question)) {
        waiting.get(data.question)(data.body);
        waiting.delete(data.question);
      } else if (listeners[data.kind]) {
        listeners[data.kind].forEach(function (call) { call(data.body); });
      }
    }
    window.addEventListener("message", receive);

    return {
      frame: frame,
      on: function (kind, call) { (listeners[kind] = listeners[kind] || []).push(call); },
      tell: function (kind, body) {
        frame.contentWindow.postMessage({ name: name, kind: kind, body: body }, origin);
      },
      ask: function (kind, body) {
        const question = ++count;
        return new Promise(function (resolve) {
          waiting.set(question, resolve);
          frame.contentWindow.postMessage({ name: name, kind: kind, question: question, body: body }, origin);
        });
      },
      close: function () {
        window.removeEventListener("message", receive);
        frame.remove();
      },
    };
  }

  function paymentElement(key, options, settings) {
    const types = options.allowedPaymentMethodTypes || ["card", "us_bank_account"];
    const defaults = (settings.defaultValues || {}).billingDetails || {};
    const listeners = { ready: [], change: [] };
    let line = null;

    return {
      mount: function (place) {
        const parent = typeof place === "string" ? document.querySelector(place) : place;
        if (!parent) throw new Error("There is no element to mount the payment form on.");
        line = channel("/frame", { types: types.join(",") });
        line.frame.style.border = "0";
        line.frame.style.width = "100%";
        line.frame.style.height = "30rem";
        line.on("hello", function () { line.tell("start", { key: key, defaults: defaults, expected: expected(options) }); });
        line.on("height", function (body) { line.frame.style.height = Math.max(0, Number(body.height) || 0) + "px"; });
        Object.keys(listeners).forEach(function (kind) {
          line.on(kind, function (body) { listeners[kind].forEach(function (call) { call(body || {}); }); });
        });
        parent.replaceChildren(line.frame);
      },
      unmount: function () { if (line) { line.close(); line = null; } },
      destroy: function () { this.unmount(); },
      on: function (kind, call) { (listeners[kind] = listeners[kind] || []).push(call); return this; },
      _ask: function (kind, body) {
        if (line) return line.ask(kind, body);
        return Promise.resolve({ error: { type: "validation_error", message: "The payment form is not on the page." } });
      },
    };
  }

  // What the page told Elements about the payment; the token is refused for an intent that says otherwise.
  function expected(options) {
    const wishes = Object.values(options.paymentMethodOptions || {});
    const keeps = wishes.some(function (wish) { return Boolean(wish.setup_future_usage); });
    return { amount: options.amount, currency: options.currency, types: options.allowedPaymentMethodTypes, keeps: keeps };
  }

  function refuseOldNames(options) {
    ["paymentMethodTypes", "payment_method_types"].forEach(function (name) {
      if (name in options) throw new Error("Invalid elements() option: " + name + ". Use allowedPaymentMethodTypes.");
    });
  }

  function elementsFor(key, options) {
    refuseOldNames(options);
    if (!options.clientSecret && !options.mode) throw new Error("elements() needs a mode or a clientSecret.");
    if (options.mode === "payment" && !Number.isInteger(options.amount)) {
      throw new Error("elements() needs the amount in cents.");
    }
    let element = null;
    return {
      create: function (kind, settings) {
        if (kind !== "payment") throw new Error("Only the payment element is here.");
        if (element) throw new Error("There is a payment element already.");
        element = paymentElement(key, options, settings || {});
        return element;
      },
      getElement: function () { return element; },
      update: function (changes) { refuseOldNames(changes); Object.assign(options, changes); },
      submit: function () {
        return element ? element._ask("submit") : Promise.resolve({ error: { message: "There is no payment element." } });
      },
      _token: function (params) {
        return element._ask("token", { params: params || {}, expected: expected(options) });
      },
    };
  }

  function retrieve(key, secret) {
    const kind = secret.indexOf("seti_") === 0 ? "setupIntent" : "paymentIntent";
    const line = channel("/bridge", {});
    line.frame.hidden = true;
    return new Promise(function (resolve) {
      line.on("hello", function () {
        line.ask("retrieve", { key: key, secret: secret }).then(function (body) {
          line.close();
          const answer = {};
          if (body.error) answer.error = body.error; else answer[kind] = body.intent;
          resolve(answer);
        });
      });
      document.body.appendChild(line.frame);
    });
  }

  function actionAddress(intent) {
    const action = intent.next_action || {};
    if (action.redirect_to_url) return action.redirect_to_url.url;
    return action.use_stripe_sdk ? action.use_stripe_sdk.stripe_js : "";
  }

  window.Stripe = function (key) {
    if (typeof key !== "string" || key.indexOf("pk_test_sandbox_") !== 0) {
      throw new Error("The test gateway takes keys that begin with pk_test_sandbox_ and no others.");
    }
    return {
      elements: function (options) { return elementsFor(key, Object.assign({}, options)); },
      createConfirmationToken: function (request) {
        return request.elements._token(request.params);
      },
      retrievePaymentIntent: function (secret) { return retrieve(key, secret); },
      retrieveSetupIntent: function (secret) { return retrieve(key, secret); },
      handleNextAction: async function (request) {
        const answer = await retrieve(key, request.clientSecret);
        const intent = answer.paymentIntent || answer.setupIntent;
        const address = intent && intent.status === "requires_action" ? actionAddress(intent) : "";
        if (!address) return answer;
        window.location.assign(address);
        return new Promise(function () {}); // the page is on its way
      },
    };
  };
  window.Stripe.version = "sandbox";
})();
