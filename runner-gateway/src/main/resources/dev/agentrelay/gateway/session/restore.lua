-- Writes the record of an owned session again after Redis has lost it, under the epoch that it has.
-- KEYS: session record, owner, association
-- ARGV: user id, replica, epoch, record ttl ms, owner ttl ms, association ttl ms, runner id or '', runner name or '',
--       fields and values of the record
-- Returns 1 when the record is there under this epoch, 0 when another owner has taken over.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch then return epoch == ARGV[3] and 1 or 0 end
local owner = redis.call('HMGET', KEYS[2], 'user', 'epoch')
if owner[1] and (owner[1] ~= ARGV[1] or tonumber(owner[2]) > tonumber(ARGV[3])) then return 0 end
redis.call('HSET', KEYS[1], 'userId', ARGV[1], 'replica', ARGV[2], 'epoch', ARGV[3], unpack(ARGV, 9))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('HSET', KEYS[2], 'user', ARGV[1], 'epoch', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
if ARGV[7] ~= '' then
  redis.call('HSET', KEYS[3], 'user', ARGV[1], 'runnerId', ARGV[7], 'runnerName', ARGV[8])
  redis.call('PEXPIRE', KEYS[3], ARGV[6])
end
return 1
