-- Removes a runner's record, secret included, if the connection is still the runner's own.
-- Whose it was is kept until everybody has been told, see RunnerFarewells.told.
-- KEYS: runner record, farewell
-- ARGV: connection, farewell ttl ms
-- Returns 1, or 0 when nothing was removed.
local record = redis.call('HMGET', KEYS[1], 'connection', 'userId')
if record[1] ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], record[2], 'PX', ARGV[2])
return redis.call('DEL', KEYS[1])
