"""The floor: what two rooms or more need and that names no room's noun."""
