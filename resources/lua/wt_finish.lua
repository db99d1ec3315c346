-- SPDX-License-Identifier: GPL-3.0-or-later
-- KEYS work, answer, hash, lease, staged
-- ARGV random id of the work, done | failed, reason, time to live of the answer in s, uuid or '',
--      what: P put the row, - drop the hash, + change the hash alone, X discard what was staged and is no hash,
--      '' leave it all,
--      then for P and + as in wt_put: ttl ms, number of fields, fields, mode, version, token, mask, values marked '1'
-- The cache first, then the answer, then the work is gone: in one script, so nobody sees an answer before its row.
-- Reply: 1 when the client has staged something else meanwhile, else 0
local mine = redis.call('HGET', KEYS[1], '#rand') == ARGV[1]
local uuid, what, reply = ARGV[5], ARGV[6], ''
if what == 'P' or what == '+' and mine then                         -- a second '+' could undo a real write
  local ttl, n = tonumber(ARGV[7]), tonumber(ARGV[8])
  local p = 9 + n
  local set, del = row(8, n, ARGV[p + 3], p + 4)
  if what == 'P' then
    reply = put(KEYS[3], KEYS[4], ttl, set, del, ARGV[p], ARGV[p + 1], ARGV[p + 2])
  else
    if redis.call('TYPE', KEYS[3]).ok ~= 'hash' then redis.call('UNLINK', KEYS[3]) end
    for i = 1, #set, 2000 do redis.call('HSET', KEYS[3], unpack(set, i, math.min(i + 1999, #set))) end
    redis.call('HSET', KEYS[3], 'version', '0')                     -- the next real write of the row replaces it
    redis.call('DEL', KEYS[4])
  end
end
if what == '-' or reply == 'badversion' then
  redis.call('UNLINK', KEYS[3])
  redis.call('DEL', KEYS[4])
end
if what == 'X' and redis.call('TYPE', KEYS[5]).ok ~= 'hash' then redis.call('UNLINK', KEYS[5]) end
-- Whoever takes over repeats an answer only where there is none.
if uuid ~= '' and (mine or redis.call('EXISTS', KEYS[2]) == 0) then
  local added
  if ARGV[2] == 'done' then added = redis.pcall('XADD', KEYS[2], '*', 'status', 'done')
  else added = redis.pcall('XADD', KEYS[2], '*', 'status', 'failed', 'error', ARGV[3]) end
  if type(added) == 'string' then redis.call('EXPIRE', KEYS[2], ARGV[4]) end   -- else the client has put something else there
end
if mine then redis.call('UNLINK', KEYS[1]) end
return redis.call('EXISTS', KEYS[5])
