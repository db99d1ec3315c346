-- SPDX-License-Identifier: GPL-3.0-or-later
-- KEYS hash, lease [, next hash, its lease ...]
-- ARGV ttl ms, number of fields, fields, then per hash: mode, version, token, mask, values marked '1'
-- Reply: per hash one of updated newer deleted absent filled badversion
local ttl, n, out = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
local p = 3 + n
for k = 1, #KEYS, 2 do
  local mode, v, tok, set, del = ARGV[p], ARGV[p + 1], ARGV[p + 2]
  set, del, p = row(2, n, ARGV[p + 3], p + 4)
  out[#out + 1] = put(KEYS[k], KEYS[k + 1], ttl, set, del, mode, v, tok)
end
return out
