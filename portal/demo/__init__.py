"""The demonstration: invented households, and every process that the portal needs, on one machine."""
