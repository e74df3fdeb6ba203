-- Sets a field of a terminal's record that still exists, unless it is set already.
-- KEYS[1] the record; ARGV[1] field, ARGV[2] its life time in ms from now on. Answers 1 for the one that sets it.
if redis.call('HEXISTS', KEYS[1], 'runner') == 0 then
  return 0
end
local set = redis.call('HSETNX', KEYS[1], ARGV[1], '1')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return set
