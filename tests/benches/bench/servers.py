# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL and Redis of the run's own: the same servers, with the same settings, for us and for the limit."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from .errors import BenchError

ROLE = "throughline"
# What the sandbox has, where it decides what an answer is worth; and room, so that no checkpoint falls into a round and
# is counted for whoever runs just then.
POSTGRES = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "240",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
REDIS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "notify-keyspace-events": "Kh",
    "daemonize": "no",
}
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
PATIENCE = 60  # s


def find_tool(name):
    """A program of the newest PostgreSQL, or one on the path."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]))
    tool = found[-1] if found else shutil.which(name)
    if not tool:
        raise BenchError(f"{name} is missing. Install what ./dev bench names.")
    return tool


def find_redis_tool(name):
    """server, cli or benchmark, whichever of the two families is installed."""
    tool = shutil.which(f"redis-{name}") or shutil.which(f"valkey-{name}")
    if not tool:
        raise BenchError(f"redis-{name} is missing. Install what ./dev bench names.")
    return tool


def service_account():
    """PostgreSQL does not run as root: there it runs as the account that the sandbox would take."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "redis", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise BenchError("The servers cannot run as root, and there is no account postgres, redis or nobody.")


class Servers:
    """Start with `with`; everything is removed at the end."""

    def __init__(self):
        self.account = service_account()
        self.processes = {}
        self.work = None

    def __enter__(self):
        # Not /tmp, which may be in memory: there an fsync would cost nothing.
        self.work = tempfile.mkdtemp(prefix="throughline-bench-", dir="/var/tmp")
        os.chmod(self.work, 0o755)
        try:
            self.start_postgres()
            self.start_redis()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def directory(self, name):
        path = os.path.join(self.work, name)
        os.mkdir(path, 0o700)
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)
        return path

    @property
    def socket_directory(self):
        return os.path.join(self.work, "run")

    @property
    def redis_socket(self):
        return os.path.join(self.socket_directory, "redis.sock")

    @property
    def pids(self):
        return {name: process.pid for name, process in self.processes.items()}

    def conninfo(self, database):
        return f"host={self.socket_directory} dbname={database} user={ROLE}"

    def redis_url(self, database=0):
        return f"unix://{self.redis_socket}?db={database}"

    def as_account(self):
        if not self.account:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def start(self, name, command):
        with open(os.path.join(self.work, f"{name}.log"), "wb") as log:
            self.processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **self.as_account()
            )

    def start_postgres(self):
        self.directory("run")
        data = self.directory("postgres")
        made = subprocess.run(
            [find_tool("initdb"), "-D", data, "-U", ROLE, "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"],
            capture_output=True, text=True, cwd="/", check=False, **self.as_account(),
        )
        if made.returncode != 0:
            raise BenchError(f"The PostgreSQL cluster cannot be made: {made.stderr.strip()}")
        settings = dict(POSTGRES, unix_socket_directories=self.socket_directory)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.start("postgres", [find_tool("postgres"), "-D", data, *options])
        ready = [find_tool("pg_isready"), "-q", "-h", self.socket_directory]
        self.wait("postgres", lambda: subprocess.run(ready, check=False).returncode == 0)

    def start_redis(self):
        settings = dict(REDIS, dir=self.directory("redis"), unixsocket=self.redis_socket)
        path = os.path.join(self.work, "redis.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        self.start("redis", [find_redis_tool("server"), path])
        self.wait("redis", self.redis_answers)

    def redis_answers(self):
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(self.redis_socket)
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def wait(self, name, answers):
        deadline = time.monotonic() + PATIENCE
        while not answers():
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                raise BenchError(f"The {name} server did not start: {self.last_words(name)}")
            time.sleep(0.05)

    def last_words(self, name):
        with open(os.path.join(self.work, f"{name}.log"), encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-3:]).strip()

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                # What they hold is thrown away: no checkpoint is needed.
                process.send_signal(signal.SIGQUIT if process is self.processes.get("postgres") else signal.SIGKILL)
        for process in self.processes.values():
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.work, ignore_errors=True)
