"""Who may finish what someone began."""

from django.urls import reverse

from tests import factories


def test_another_responsible_member_cannot_confirm_a_payment_that_someone_else_began(client, paying):
    payment = paying.start()
    address = reverse("payments:review", args=[payment.reference])
    client.force_login(paying.user)
    assert client.get(address).status_code == 200
    client.force_login(factories.user(member=factories.member(household=paying.household)))
    assert client.get(address).status_code == 404
