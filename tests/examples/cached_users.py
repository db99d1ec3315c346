# SPDX-License-Identifier: GPL-3.0-or-later
"""How another program uses the cache beside Throughline without breaking what it promises.

Reading: the hash, or after a miss the row, which may be put into the cache by whoever shows the lease that the miss gave.
Writing: SQL, and then the hash is deleted together with its lease; or a staged write, which a gateway carries out.

Nothing else may write `users:*` and `{users:*}:lease`. README, "For your own programs", has the ACL lines that see to it.
"""

import os
import uuid

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

FIELDS = {  # hash field: column, as in [fields] of the configuration
    "username": "username", "email": "email", "pwhash": "password_hash", "first": "first_name", "last": "last_name",
    "dob": "date_of_birth", "score": "score", "created_at": "created_at", "updated_at": "updated_at",
}
LEASE_MS = 5000


def connect(socket, username=None, password=None):
    """One connection that is never opened again behind our back: a fill over another one would prove nothing."""
    return redis.Redis(unix_socket_path=socket, username=username, password=password, decode_responses=True,
                       single_connection_client=True, retry=Retry(NoBackoff(), 0))


class CachedUsers:
    """Users by id. `database` is a psycopg2 connection to the primary, in autocommit; its session settings decide how
    values are spelled, so they have to be Throughline's."""

    def __init__(self, cache, database, scripts):
        self.cache = cache
        self.database = database
        with database.cursor() as cursor:
            cursor.execute("SET TimeZone='UTC'; SET DateStyle='ISO'; SET IntervalStyle='postgres';"
                           "SET bytea_output='hex'; SET extra_float_digits=1")
        self.read_script = cache.register_script(self._load(scripts, "wt_read.lua"))
        self.put_script = cache.register_script(self._load(scripts, "common.lua", "wt_put.lua"))

    @staticmethod
    def _load(directory, *names):
        """The first line makes Redis refuse the script as a whole when it is out of memory."""
        text = "#!lua\n"
        for name in names:
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                text += file.read()
        return text

    def get(self, user_id):
        """The fields of a user, or None. NULL is an absent field."""
        key = f"users:{user_id}"
        try:
            hit, found = self.read_script(keys=[key, f"{{{key}}}:lease"], args=[uuid.uuid4().hex, LEASE_MS])
        except redis.RedisError:
            return self._row(user_id)[1]
        if hit:
            fields = dict(zip(found[::2], found[1::2]))
            fields.pop("version", None)
            return fields
        # The row is read after the lease was given: a writer in between ends the lease, and then the fill does nothing.
        version, fields = self._row(user_id)
        if fields is not None:
            self._fill(key, found, version, fields)
        return fields

    def _row(self, user_id):
        columns = ", ".join(f"{column}::text" for column in FIELDS.values())
        with self.database.cursor() as cursor:
            cursor.execute(f"SELECT version::text, {columns} FROM users WHERE id = %s", (user_id,))
            row = cursor.fetchone()
        if row is None:
            return None, None
        return row[0], {field: value for field, value in zip(FIELDS, row[1:]) if value is not None}

    def _fill(self, key, token, version, fields):
        try:
            if not self._is_recovered():
                return
            mask = "".join("1" if field in fields else "0" for field in FIELDS)
            values = [fields[field] for field in FIELDS if field in fields]
            self.put_script(keys=[key, f"{{{key}}}:lease"],
                            args=["0", len(FIELDS), *FIELDS, "F", version, token, mask, *values])
        except redis.RedisError:
            pass  # the row is right, cached or not

    def _is_recovered(self):
        """After a restart of Redis nobody may fill until a gateway has brought the cache up to date."""
        info, recovered = self.cache.pipeline(transaction=False).info("server").get("wt:ok:users").execute()
        return recovered == info["run_id"]

    def set_score(self, user_id, score):
        """SQL of our own. A gateway would bring the row to the cache in a moment; who cannot wait deletes both keys,
        in one command, after the commit. The hash alone is not enough: a fill that is under way would bring it back."""
        with self.database.cursor() as cursor:
            cursor.execute("UPDATE users SET score = %s WHERE id = %s", (score, user_id))
        key = f"users:{user_id}"
        self.cache.delete(key, f"{{{key}}}:lease")


def stage(cache, user_id, fields, seconds=10):
    """Leaves the write to a gateway and waits for its answer: None when it is done, else why it failed."""
    request = uuid.uuid4().hex
    cache.hset(f"__{{users:{user_id}}}", mapping={**fields, "#": f"={request}"})
    answers = cache.xread({f"{{users:{user_id}}}{request}": "0-0"}, block=seconds * 1000)
    if not answers:
        raise TimeoutError("No answer yet: the write may still be carried out.")
    answer = answers[0][1][0][1]
    return None if answer["status"] == "done" else answer["error"]
