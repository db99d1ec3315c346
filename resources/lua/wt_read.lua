-- SPDX-License-Identifier: GPL-3.0-or-later
-- KEYS hash, lease; ARGV fresh token, lease time in ms
-- Reply: {1, fields and values} on a hit, {0, lease token} on a miss: whoever shows the token may fill.
local t = redis.call('TYPE', KEYS[1]).ok
if t == 'hash' then return {1, redis.call('HGETALL', KEYS[1])} end
if t ~= 'none' then redis.call('UNLINK', KEYS[1]) end
local token = redis.call('GET', KEYS[2])
if not token then
  token = ARGV[1]
  redis.call('SET', KEYS[2], token, 'PX', ARGV[2])
end
return {0, token}
