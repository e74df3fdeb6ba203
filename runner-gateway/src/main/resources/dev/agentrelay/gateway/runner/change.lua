-- Changes a runner's record on behalf of the connection that is the runner's own.
-- KEYS: runner record
-- ARGV: connection, ttl ms, then fields and values; none only prolongs the record's life
-- Returns 1, or 0 when another connection has taken over or the record is gone.
if redis.call('HGET', KEYS[1], 'connection') ~= ARGV[1] then return 0 end
if #ARGV > 2 then redis.call('HSET', KEYS[1], unpack(ARGV, 3)) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
