-- Gives the next revision of trigger subscriptions. Never below the clock, so that it goes on rising after Redis has
-- lost the counter.
-- KEYS: counter
-- ARGV: now ms
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
local revision = math.max(last + 1, tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.0f', revision))
return revision
