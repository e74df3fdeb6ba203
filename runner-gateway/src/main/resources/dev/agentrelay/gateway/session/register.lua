-- Takes a session into ownership, for the first time or again.
-- KEYS: session record, ring, snapshot, owner, pending link, association
-- ARGV: user id, replica, now ms, record ttl ms, owner ttl ms, association ttl ms, fields and values of the new record
-- Returns {'foreign'} when the id belongs to somebody else, else
-- {'taken', epoch, started at, previous replica or '', runner id or '', runner name or '', highest number of registrations before}.
local user = redis.call('HGET', KEYS[4], 'user')
if user and user ~= ARGV[1] then return {'foreign'} end

local before = redis.call('HMGET', KEYS[1], 'replica', 'startedAt', 'seq', 'earlierSeq')
local started = before[2] or ARGV[3]

-- a link made for somebody else's runner must not attach this session to it
local link = redis.call('HMGET', KEYS[5], 'user', 'runnerId', 'runnerName')
if link[1] ~= ARGV[1] then
  link = redis.call('HMGET', KEYS[6], 'user', 'runnerId', 'runnerName')
end
if link[1] ~= ARGV[1] then link = {false, false, false} end

redis.call('HSET', KEYS[4], 'user', ARGV[1])
-- never below the clock, so that epochs go on growing when Redis has lost the last one
local last = tonumber(redis.call('HGET', KEYS[4], 'epoch') or '0')
local epoch = string.format('%.0f', math.max(last + 1, tonumber(ARGV[3])))
redis.call('HSET', KEYS[4], 'epoch', epoch)
-- numbers start over, but viewers that were away come back with those they had
local earlier = math.max(tonumber(before[3] or '0'), tonumber(before[4] or '0'),
  tonumber(redis.call('HGET', KEYS[4], 'earlierSeq') or '0'))
earlier = string.format('%.0f', earlier)
redis.call('PEXPIRE', KEYS[4], ARGV[5])

local body = redis.call('HGET', KEYS[3], 'body')
if body then redis.call('UNLINK', body) end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[5])
redis.call('HSET', KEYS[1], 'userId', ARGV[1], 'replica', ARGV[2], 'startedAt', started, 'epoch', epoch, 'seq', '0',
  'earlierSeq', earlier, unpack(ARGV, 7))
if link[2] then
  redis.call('HSET', KEYS[1], 'runnerId', link[2])
  redis.call('HSET', KEYS[6], 'user', ARGV[1], 'runnerId', link[2])
  if link[3] then
    redis.call('HSET', KEYS[1], 'runnerName', link[3])
    redis.call('HSET', KEYS[6], 'runnerName', link[3])
  end
  redis.call('PEXPIRE', KEYS[6], ARGV[6])
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {'taken', epoch, started, before[1] or '', link[2] or '', link[3] or '', earlier}
