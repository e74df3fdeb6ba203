-- Ends a session, if the caller still owns it. The ring stays for a while, for those who want to see how it ended.
-- KEYS: session record, ring, snapshot, pending link, association
-- ARGV: epoch, ring ttl ms, '1' when the worker has said goodbye for good
-- Returns {} when there is no such session or another owner, else {user id, runner id or '', session file or ''}.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {} end
local record = redis.call('HMGET', KEYS[1], 'userId', 'runnerId', 'sessionFile')
redis.call('DEL', KEYS[1], KEYS[4])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
if ARGV[3] == '1' then redis.call('DEL', KEYS[5]) end
return {record[1], record[2] or '', record[3] or ''}
