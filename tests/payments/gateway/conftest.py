"""Both gateways, one after the other."""

import pytest

from payments.gateway.fake import FakeGateway
from payments.gateway.stripe_adapter import StripeGateway
from tests.payments.gateway.banks import MemoryBank, SandboxBank


@pytest.fixture(params=["memory", "sandbox"])
def bank(request, settings):
    if request.param == "memory":
        return MemoryBank(FakeGateway())
    sandbox = request.getfixturevalue("sandbox")
    settings.STRIPE_API_BASE = sandbox.url
    return SandboxBank(StripeGateway(), sandbox)
