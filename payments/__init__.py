"""How it gets paid: payments, the gateway, receipts."""
