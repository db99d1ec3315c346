# SPDX-License-Identifier: GPL-3.0-or-later
"""psql and redis-cli that stay open, so that a question costs a round trip and not a program."""

import socket
import subprocess

from .errors import BenchError
from .servers import find_redis_tool, find_tool

END = "--end--"


class Psql:
    def __init__(self, conninfo):
        self.process = subprocess.Popen(
            [find_tool("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", conninfo],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )

    def run(self, sql):
        """The lines that the statements answer."""
        self.process.stdin.write(f"{sql};\n\\echo {END}\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n") == END:
                return lines
            lines.append(line.rstrip("\n"))
        raise BenchError("psql ended: " + " ".join(lines[-3:]))

    def number(self, sql):
        return int(self.run(sql)[0])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class RedisCli:
    def __init__(self, socket, database=0):
        self.words = [find_redis_tool("cli"), "-s", socket, "-n", str(database)]

    def run(self, *command):
        """The reply in redis-cli's plain form, a line per element."""
        done = subprocess.run([*self.words, *command], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError("redis-cli ended: " + done.stderr.strip())
        return done.stdout.splitlines()


class RedisSocket:
    """One field of a hash again and again, without a program for each look."""

    def __init__(self, path):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(path)

    def field(self, key, name):
        self.connection.sendall(f"HGET {key} {name}\r\n".encode())
        reply = b""
        while not reply.endswith(b"\r\n") or (reply.startswith(b"$") and reply != b"$-1\r\n" and reply.count(b"\r\n") < 2):
            reply += self.connection.recv(4096)
        return None if reply.startswith(b"$-1") else reply.split(b"\r\n")[1].decode()

    def close(self):
        self.connection.close()
