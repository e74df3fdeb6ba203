-- Claims a command for one replica, or says what became of it.
-- KEYS: command
-- ARGV: this replica's claim, ttl ms, a claim that is void because its replica is gone, or ''
-- Returns '' when the command is ours now, 'again' when it is and was begun with before, else what stands there: an
-- answer, or another's claim.
local found = redis.call('GET', KEYS[1])
if found and found ~= ARGV[1] and found ~= ARGV[3] then return found end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return found and 'again' or ''
