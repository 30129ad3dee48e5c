"""All that can be done in a history, by name."""

from tests.simulation.acts import agency, backstage, members, staff

ACTS = {name: getattr(module, name) for module in (members, agency, backstage, staff) for name in module.__all__}
