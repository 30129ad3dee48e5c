"""Amounts and references as a member reads them."""

from django import template

from portal.shared import money, references

register = template.Library()
register.filter("usd", money.usd)
register.filter("spaced", references.spaced)
