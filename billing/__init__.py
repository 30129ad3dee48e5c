"""What is owed: bills and the credits on them."""
