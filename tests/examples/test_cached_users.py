# SPDX-License-Identifier: GPL-3.0-or-later
"""cached_users.py against real servers, under the ACL lines of README. Runs inside `throughlinectl sandbox`, beside a
gateway, with README's path and that of the scripts as arguments."""

import os
import re
import sys
import time
import unittest

import psycopg2
import redis

from cached_users import CachedUsers, connect, stage

README, SCRIPTS = sys.argv[1:3]
SOCKET = os.environ["THROUGHLINE_REDIS"].removeprefix("unix://").split("?")[0]


def open_database():
    database = psycopg2.connect(os.environ["THROUGHLINE_PG"])
    database.autocommit = True
    return database


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("It does not come true.")


class CachedUsersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admin = connect(SOCKET)
        with open(README, encoding="utf-8") as file:
            lines = re.findall(r"^ACL SETUSER .*$", file.read(), re.MULTILINE)
        assert len(lines) == 2, lines
        for line in lines:
            cls.admin.execute_command(*line.split())
        cls.filler = connect(SOCKET, "filler", "change-me")
        cls.guest = connect(SOCKET, "guest", "change-me")
        cls.database = open_database()
        wait_until(lambda: cls.admin.get("wt:ok:users") == cls.admin.info("server")["run_id"])
        cls.users = CachedUsers(cls.filler, cls.database, SCRIPTS)

    @classmethod
    def tearDownClass(cls):
        cls.database.close()
        for cache in (cls.guest, cls.filler, cls.admin):
            cache.close()

    def setUp(self):
        self.admin.delete("users:1", "{users:1}:lease")

    def test_a_miss_fills_and_a_hit_reads(self):
        first = self.users.get(1)
        self.assertEqual(first["username"], "fulano")
        self.assertEqual(self.admin.hget("users:1", "username"), "fulano")
        self.assertEqual(self.users.get(1), first)
        self.assertIsNone(self.users.get(999))
        self.assertEqual(self.admin.exists("users:999"), 0)

    def test_sql_and_invalidation(self):
        self.users.get(1)
        self.users.set_score(1, 4711)
        self.assertEqual(self.users.get(1)["score"], "4711")

    def test_a_fill_that_a_writer_has_overtaken_does_nothing(self):
        row = CachedUsers._row

        def overtaken(users, user_id):
            found = row(users, user_id)
            other = connect(SOCKET)
            other.delete("users:1", "{users:1}:lease")  # somebody has written meanwhile
            other.close()
            return found

        CachedUsers._row = overtaken
        try:
            self.assertEqual(self.users.get(1)["username"], "fulano")
        finally:
            CachedUsers._row = row
        self.assertEqual(self.admin.exists("users:1"), 0)

    def test_nothing_is_filled_before_the_recovery(self):
        recovered = self.admin.get("wt:ok:users")
        self.admin.set("wt:ok:users", "another")
        try:
            self.users.get(1)
            self.assertEqual(self.admin.exists("users:1"), 0)
        finally:
            self.admin.set("wt:ok:users", recovered)

    def test_staged_writes_are_answered(self):
        self.assertIsNone(stage(self.guest, 2, {"score": "77"}, 30))
        self.assertEqual(self.guest.hget("users:2", "score"), "77")
        self.assertTrue(stage(self.guest, 2, {"score": "many"}, 30).startswith("value: score"))

    def test_the_acl_keeps_a_guest_from_the_cache(self):
        for command in (("HSET", "users:1", "score", "5"), ("DEL", "users:1"), ("DEL", "{users:1}:lease"),
                        ("SET", "{users:1}:lease", "x"), ("DEL", "{users:1}:wip"), ("FLUSHALL",),
                        ("EVAL", "return redis.call('HSET', KEYS[1], 'score', '5')", "1", "users:1")):
            with self.assertRaises(redis.exceptions.NoPermissionError, msg=command):
                self.guest.execute_command(*command)

    def test_the_acl_keeps_a_filler_from_the_rest(self):
        for command in (("HSET", "__{users:1}", "score", "5"), ("DEL", "{users:1}:wip"), ("SET", "wt:ok:users", "x"),
                        ("EXPIRE", "users:1", "1"), ("HINCRBY", "users:1", "score", "1"), ("FLUSHALL",)):
            with self.assertRaises(redis.exceptions.NoPermissionError, msg=command):
                self.filler.execute_command(*command)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
