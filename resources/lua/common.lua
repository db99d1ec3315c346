-- SPDX-License-Identifier: GPL-3.0-or-later
-- Shared by every script that changes a hash; put in front of it when it is loaded.
-- Versions are compared as decimal strings, because Lua's numbers are exact only up to 2^53. A stored version that is
-- no canonical number counts as '0'.
local function num(s) if s and #s <= 19 and (s == '0' or s:find('^[1-9]%d*$')) then return s end return '0' end
local function lt(a, b) if #a ~= #b then return #a < #b end return a < b end

-- H hash, L lease, ttl in ms (0 leaves what the key has), set {field, value, ...}, del {field, ...},
-- mode U row stands, D row is gone, F fill after a miss; v version, tok lease token or ''.
local function put(H, L, ttl, set, del, mode, v, tok)
  if num(v) ~= v or v == '0' then return 'badversion' end
  local t, lease, r = redis.call('TYPE', H).ok, redis.call('GET', L), 'absent'
  if t ~= 'none' and t ~= 'hash' then redis.call('UNLINK', H); t = 'none' end
  local function store(old)
    if not old then redis.call('HSET', H, 'version', '0') end      -- the key and its TTL outlive the HDEL
    for i = 1, #set, 2000 do redis.call('HSET', H, unpack(set, i, math.min(i + 1999, #set))) end
    for i = 1, #del, 2000 do redis.call('HDEL', H, unpack(del, i, math.min(i + 1999, #del))) end
    redis.call('HSET', H, 'version', v)                            -- last
    if ttl > 0 then redis.call('PEXPIRE', H, ttl) end
  end
  if t == 'hash' then
    local old = redis.call('HGET', H, 'version'); local cur = num(old)
    if mode == 'D' then
      if lt(v, cur) then r = 'newer' else redis.call('UNLINK', H); r = 'deleted' end
    elseif lt(cur, v) then store(old); r = 'updated' else r = 'newer' end
  elseif mode ~= 'D' and lease and tok ~= '' and lease == tok then store(); r = 'filled' end   -- never creates without the token
  if lease and (mode ~= 'F' or r == 'filled') then redis.call('DEL', L) end                    -- a writer always ends the lease
  return r
end

-- Field names stand at ARGV[a+1..a+n]; mask '1' = the value follows at p, '0' = NULL.
local function row(a, n, mask, p)
  local set, del = {}, {}
  for i = 1, n do
    if mask:byte(i) == 49 then set[#set + 1] = ARGV[a + i]; set[#set + 1] = ARGV[p]; p = p + 1
    elseif mask ~= '' then del[#del + 1] = ARGV[a + i] end
  end
  return set, del, p
end
