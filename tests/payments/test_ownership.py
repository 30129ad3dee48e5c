"""Who may finish what someone began."""

from django.urls import reverse

from portal.shared import audit
from tests import factories


def test_another_responsible_member_cannot_confirm_a_payment_that_someone_else_began(client, paying):
    payment = paying.start()
    address = reverse("payments:review", args=[payment.reference])
    client.force_login(paying.user)
    assert client.get(address).status_code == 200
    client.force_login(factories.user(member=factories.member(household=paying.household)))
    assert client.get(address).status_code == 404


def test_a_look_of_staff_at_a_payment_counts_for_its_household_alone(client, paying, clerk):
    audit.record("view_payment", paying.start(), actor=clerk)
    for user, words in ((paying.user, "payments or cases 1 time."), (factories.user(), "nobody at support opened")):
        client.force_login(user)
        assert words in client.get("/accounts/security/").content.decode()
