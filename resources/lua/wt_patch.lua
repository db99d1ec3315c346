-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sets only the fields that a statement has changed, where the hash is still at the version which that statement
-- replaced: then nothing else of it differs from the row. Everything else is for wt_put.
-- KEYS hash, lease [, next hash, its lease ...]
-- ARGV ttl ms, number of fields, fields, then per hash: base, version, mask, values marked '1'
-- Reply: a string, per hash one of u updated, n newer, a absent, s stale (or no hash): needs the whole row
local ttl, n, out, leases = tonumber(ARGV[1]), tonumber(ARGV[2]), {}, {}
local p = 3 + n
for k = 2, #KEYS, 2 do leases[k / 2] = KEYS[k] end
leases = redis.call('MGET', unpack(leases))
for k = 1, #KEYS, 2 do
  local H, base, v, mask, r = KEYS[k], ARGV[p], ARGV[p + 1], ARGV[p + 2], 's'
  if num(v) ~= v or v == '0' then return redis.error_reply('ERR wt: no version') end
  p = p + 3
  local old = redis.pcall('HGET', H, 'version')
  if old == base and base ~= '0' then
    local set, at = {}, 1
    for i = 1, n do
      if mask:byte(i) == 49 then set[at], set[at + 1] = ARGV[2 + i], ARGV[p]; at, p = at + 2, p + 1
      else redis.call('HDEL', H, ARGV[2 + i]) end                  -- the version keeps the hash from vanishing
    end
    set[at], set[at + 1] = 'version', v
    redis.call('HSET', H, unpack(set))
    if ttl > 0 then redis.call('PEXPIRE', H, ttl) end
    r = 'u'
  else
    for i = 1, n do if mask:byte(i) == 49 then p = p + 1 end end
    if type(old) == 'string' then if not lt(num(old), v) then r = 'n' end
    elseif old == false and redis.call('EXISTS', H) == 0 then r = 'a' end
  end
  if r ~= 's' and leases[(k + 1) / 2] then redis.call('DEL', KEYS[k + 1]) end   -- a writer always ends the lease
  out[(k + 1) / 2] = r
end
return table.concat(out)
