"""What the floor asks and tells the rooms above it, of which it knows nothing."""

from django.dispatch import Signal

# Sent with `message` just before it goes out; a receiver that answers False takes it back.
about_to_send = Signal()

# Sent with `message` when it ended and nobody knows that its reader has it, though the address is no dead one.
not_delivered = Signal()

# Sent with `channel`, `address` and `reason` when an email address or a phone number turns out to be a dead one.
address_refused = Signal()
