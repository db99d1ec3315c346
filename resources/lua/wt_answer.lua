-- SPDX-License-Identifier: GPL-3.0-or-later
-- KEYS answer; ARGV time to live in s, then per answer: done | failed, reason
-- Gives answers again that Redis has lost. Where there are any, nothing is lost.
-- Reply: how many were given
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
for i = 2, #ARGV, 2 do
  if ARGV[i] == 'done' then redis.call('XADD', KEYS[1], '*', 'status', 'done')
  else redis.call('XADD', KEYS[1], '*', 'status', 'failed', 'error', ARGV[i + 1]) end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return (#ARGV - 1) / 2
