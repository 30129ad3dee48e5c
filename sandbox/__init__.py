"""A development and test stand-in for Stripe and for the mail server. It never runs in production."""
