-- Links a session to the runner that runs it; if its worker has not registered yet, the link waits for it.
-- KEYS: session record, pending link, association
-- ARGV: user id, runner id, runner name or '', pending ttl ms, association ttl ms
-- Returns {'foreign'} when the session is somebody else's, {'pending'}, or {'linked', epoch, replica}.
local record = redis.call('HMGET', KEYS[1], 'userId', 'epoch', 'replica')
if record[1] and record[1] ~= ARGV[1] then return {'foreign'} end
local target, ttl = KEYS[3], ARGV[5]
if record[1] then
  redis.call('HSET', KEYS[1], 'runnerId', ARGV[2], 'runnerName', ARGV[3])
else
  target, ttl = KEYS[2], ARGV[4]
end
redis.call('HSET', target, 'user', ARGV[1], 'runnerId', ARGV[2], 'runnerName', ARGV[3])
redis.call('PEXPIRE', target, ttl)
if record[1] then return {'linked', record[2], record[3]} end
return {'pending'}
