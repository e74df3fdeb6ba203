-- Ends a session, if the caller still owns it. The ring stays for a while, for those who want to see how it ended.
-- Its link to the runner stays too: a worker that reloads its skills says goodbye and comes back.
-- What is to be told of the end is kept until that has been done, see SessionRecords.forget.
-- KEYS: session record, ring, snapshot, pending link, owner, farewell
-- ARGV: epoch, ring ttl ms, cause, farewell ttl ms
-- Returns {} when there is no such session or another owner, else {user id, runner id or '', session file or ''}.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {} end
local record = redis.call('HMGET', KEYS[1], 'userId', 'runnerId', 'sessionFile', 'seq', 'earlierSeq', 'overlay')
-- should the session come to life again, its viewers may come back with any number they had
if redis.call('EXISTS', KEYS[5]) == 1 then
  local earlier = math.max(tonumber(record[4] or '0'), tonumber(record[5] or '0'))
  redis.call('HSET', KEYS[5], 'earlierSeq', string.format('%.0f', earlier))
end
-- what is newer than the snapshot outlives the record with it
if record[6] and redis.call('EXISTS', KEYS[3]) == 1 then redis.call('HSET', KEYS[3], 'overlay', record[6]) end
redis.call('DEL', KEYS[1], KEYS[4])
redis.call('HSET', KEYS[6], 'epoch', ARGV[1], 'cause', ARGV[3], 'userId', record[1], 'runnerId', record[2] or '',
  'sessionFile', record[3] or '')
redis.call('PEXPIRE', KEYS[6], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
local body = redis.call('HGET', KEYS[3], 'body')
if body then redis.call('PEXPIRE', body, ARGV[2]) end
return {record[1], record[2] or '', record[3] or ''}
