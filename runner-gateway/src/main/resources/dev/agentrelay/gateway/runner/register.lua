-- Makes a connection the runner's own. The newest one with the right secret wins.
-- KEYS: runner record, farewell
-- ARGV: user id, user name, secret hash, connection, replica, info, name, ttl ms
-- Returns 'secret' or 'owner' when it is refused, and nothing is written; else 'registered'.
local before = redis.call('HMGET', KEYS[1], 'secretHash', 'userId')
if before[1] and before[1] ~= ARGV[3] then return 'secret' end
if before[2] and before[2] ~= ARGV[1] then return 'owner' end
redis.call('HSET', KEYS[1], 'userId', ARGV[1], 'userName', ARGV[2], 'secretHash', ARGV[3], 'connection', ARGV[4],
  'replica', ARGV[5], 'info', ARGV[6], 'name', ARGV[7])
-- a daemon says in each connection which ports it has exposed
redis.call('HDEL', KEYS[1], 'tunnels')
redis.call('PEXPIRE', KEYS[1], ARGV[8])
redis.call('DEL', KEYS[2])
return 'registered'
