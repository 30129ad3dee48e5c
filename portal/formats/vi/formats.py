"""Days and times in Vietnamese: 24 tháng 11, 2026."""

from portal.formats import MONTH_FIRST, US_NUMBERS

DATE_FORMAT = SHORT_DATE_FORMAT = r"j \t\há\n\g n, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = r"j \t\há\n\g n, Y, g:i A"
YEAR_MONTH_FORMAT = r"\t\há\n\g n, Y"
MONTH_DAY_FORMAT = r"j \t\há\n\g n"
FIRST_DAY_OF_WEEK = 0  # Sunday
DATE_INPUT_FORMATS = MONTH_FIRST
DECIMAL_SEPARATOR, THOUSAND_SEPARATOR, NUMBER_GROUPING = US_NUMBERS
