"""How days, times and numbers are written in each language, for people who live in Massachusetts.

Django's own formats are those of other countries: a 24-hour clock, the day before the month in what is typed, a comma
for cents. Here bills, banks and agencies write dollars and times the US way in every language: "$1,234.50" stands so in
the Spanish, Portuguese and Chinese letters of US agencies too, and one way of writing cannot be misread. Days are
always written with the month's name, or with the characters for year, month and day; never as numbers alone.
"""

MONTH_FIRST = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"]  # what may be typed: as date boxes send it, or the US way
US_NUMBERS = (".", ",", 3)  # for cents, for thousands, digits in a group
