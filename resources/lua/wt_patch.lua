-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sets only the fields that a statement has changed, where the hash is still at the version which that statement
-- replaced: then nothing else of it differs from the row. Everything else is for wt_put.
-- KEYS hash, lease [, next hash, its lease ...]
-- ARGV ttl ms, number of fields, fields, then per hash: base, version, mask, values marked '1'
-- Reply: a string, per hash one of u updated, n newer, a absent, s stale (or no hash): needs the whole row
local ttl, n, out = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
local p = 3 + n
local first, call, pcall = ARGV[3], redis.call, redis.pcall
for k = 1, #KEYS, 2 do
  local H, base, v, mask, r = KEYS[k], ARGV[p], ARGV[p + 1], ARGV[p + 2], 's'
  p = p + 3
  local old = pcall('HGET', H, 'version')
  if old == base and base ~= '0' then
    if mask == '1' then
      call('HSET', H, first, ARGV[p], 'version', v); p = p + 1
    else
      local set, at = {}, 1
      for i = 1, n do
        if mask:byte(i) == 49 then set[at], set[at + 1] = ARGV[2 + i], ARGV[p]; at, p = at + 2, p + 1
        else call('HDEL', H, ARGV[2 + i]) end                      -- the version keeps the hash from vanishing
      end
      set[at], set[at + 1] = 'version', v
      call('HSET', H, unpack(set))
    end
    if ttl > 0 then call('PEXPIRE', H, ttl) end
    r = 'u'
  else
    for i = 1, n do if mask:byte(i) == 49 then p = p + 1 end end
    if type(old) == 'string' then
      if not lt(num(old), v) then r = 'n' end
    elseif old == false and call('EXISTS', H) == 0 then
      call('DEL', KEYS[k + 1])                                     -- a writer ends the lease; only what is absent has one
      r = 'a'
    end
  end
  out[#out + 1] = r
end
return table.concat(out)
