"""Calls to our webhook as Twilio makes and signs them."""

import base64
import hashlib
import hmac

TOKEN = "sandbox_token_tests"


def signature(url, form, token=TOKEN):
    """Return the X-Twilio-Signature: HMAC-SHA1 of the full address and each name and value by name."""
    words = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), words.encode(), hashlib.sha1).digest()).decode()


def call(client, path="/webhooks/twilio/", token=TOKEN, **form):
    """Make a signed call of the text service."""
    signed = signature(f"http://testserver{path}", form, token)
    return client.post(path, form, headers={"X-Twilio-Signature": signed})
