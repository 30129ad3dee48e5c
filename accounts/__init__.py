"""Who is who: households, members, log-ins."""
