-- Takes a session off the runner that has killed its worker.
-- KEYS: session record, association
-- ARGV: user id, runner id
-- Returns {} when the session is not this runner's, else {replica or ''}.
local record = redis.call('HMGET', KEYS[1], 'userId', 'runnerId', 'replica')
local kept = redis.call('HMGET', KEYS[2], 'user', 'runnerId')
local found = false
if kept[1] == ARGV[1] and kept[2] == ARGV[2] then
  redis.call('DEL', KEYS[2])
  found = true
end
if record[1] == ARGV[1] and record[2] == ARGV[2] then
  redis.call('HDEL', KEYS[1], 'runnerId', 'runnerName')
  found = true
end
if not found then return {} end
return {record[3] or ''}
