-- Removes a runner's record, secret included, if the connection is still the runner's own.
-- KEYS: runner record
-- ARGV: connection
-- Returns 1, or 0 when nothing was removed.
if redis.call('HGET', KEYS[1], 'connection') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
