-- SPDX-License-Identifier: GPL-3.0-or-later
-- KEYS staged, work, hash, lease; ARGV gateway, its time in ms, fresh lease token, lease time in ms, random id
-- Moves what a client has staged out of its way, so that what it stages meanwhile waits its turn, or takes over what
-- another gateway has not finished in its time.
-- Reply: {'taken', lease token or '', fields and values} {'busy', ms left} {'none'} {'badtype'}
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local work = redis.call('TYPE', KEYS[2]).ok
if work == 'hash' then
  local left = (tonumber(redis.call('HGET', KEYS[2], '#until')) or 0) - now
  if left > 0 and left <= tonumber(ARGV[2]) and redis.call('HGET', KEYS[2], '#owner') ~= ARGV[1] then return {'busy', left} end
else
  if work ~= 'none' then redis.call('UNLINK', KEYS[2]) end
  local staged = redis.call('TYPE', KEYS[1]).ok
  if staged == 'none' then return {'none'} end
  if staged ~= 'hash' then return {'badtype'} end
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('PERSIST', KEYS[2])
  redis.call('HSET', KEYS[2], '#rand', ARGV[5])
end
redis.call('HSET', KEYS[2], '#owner', ARGV[1], '#until', string.format('%.0f', now + tonumber(ARGV[2])))
local token = ''
if redis.call('TYPE', KEYS[3]).ok ~= 'hash' then
  token = redis.call('GET', KEYS[4])
  if not token then
    token = ARGV[3]
    redis.call('SET', KEYS[4], token, 'PX', ARGV[4])
  end
end
return {'taken', token, redis.call('HGETALL', KEYS[2])}
