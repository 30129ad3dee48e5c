"""When members are left alone: texts and reminders go out from 8 in the morning to 8 in the evening, Eastern."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
FROM, UNTIL = time(8), time(20)


def next_allowed(moment: datetime) -> datetime:
    """Return the moment itself within the allowed hours, else the next 8 in the morning; both aware."""
    here = moment.astimezone(EASTERN)
    if FROM <= here.time() < UNTIL:
        return moment
    day = here.date() if here.time() < FROM else here.date() + timedelta(days=1)
    return datetime.combine(day, FROM, tzinfo=EASTERN).astimezone(UTC)
