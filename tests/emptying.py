"""How the database is made again as the migrations left it: in milliseconds, after a test that committed."""

from typing import Any

from django.db import connection

BIG = 256 * 1024  # bytes of a table above which emptying it anew is cheaper than deleting and leaving dead rows

TABLES = """
SELECT c.relname, pg_relation_size(c.oid),
       EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'A')
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%s)
"""


def remember() -> None:
    """Put aside every row that the migrations wrote, once for each test database."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS as_migrated CASCADE; CREATE SCHEMA as_migrated")
        for name in _tables():
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}")')
            if cursor.fetchone() == (True,):
                cursor.execute(f'CREATE TABLE as_migrated."{name}" AS TABLE "{name}"')


def restore(rooms: tuple[str, ...] = ()) -> None:
    """Empty every table, or those of the rooms named, and put back what the migrations wrote there.

    Triggers are passed by, so the role must be allowed to set session_replication_role, as a superuser is. What the
    database lets no role delete is truncated: that is not refused, but slower.
    """
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [[name for name in _tables() if not rooms or name.split("_")[0] in rooms]])
        found = [(name, size > BIG or kept) for name, size, kept in cursor.fetchall() if size]
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'as_migrated'")
        written = {name for (name,) in cursor.fetchall()}
        truncated = ", ".join(f'"{name}"' for name, is_whole in found if is_whole)
        what = f"TRUNCATE {truncated} CASCADE;" if truncated else ""
        what += "".join(f'DELETE FROM "{name}";' for name, is_whole in found if not is_whole)
        what += "".join(
            f'INSERT INTO "{name}" SELECT * FROM as_migrated."{name}" ON CONFLICT DO NOTHING;'
            for name in sorted(written & {name for name, _ in found})
        )
        if what:
            cursor.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {what} COMMIT")


def after_test(case: Any) -> None:
    """Stand in for the end of Django's TransactionTestCase, whose own flush takes thirty times as long."""
    restore()


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)
