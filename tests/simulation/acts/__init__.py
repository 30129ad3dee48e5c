"""All that can be done in a history, by name."""

from tests.simulation.acts import agency, backstage, members, savers, staff

ACTS = {
    name: getattr(module, name) for module in (members, agency, backstage, savers, staff) for name in module.__all__
}
