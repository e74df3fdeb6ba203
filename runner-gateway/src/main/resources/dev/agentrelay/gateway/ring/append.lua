-- Appends a batch of events to a session's ring and tells the replicas that watch it.
-- KEYS: session record, ring, snapshot
-- ARGV: epoch, record ttl ms, ring ttl ms, room channel, message head, session id as JSON, own subscriptions (0 or 1),
--       first ring id to keep or '', number of fields, fields and values, then for each event: seq, kind, JSON
-- Kinds: 'c' kept and told, 's' a snapshot that is kept and told, 'u' told only, 'k' a snapshot that is kept only: its text lies in
-- pieces, the hash's key, their number and their bytes stand in place of JSON, and the ring has but its place.
-- An event that is told only and large comes alone and at first without its JSON, which nobody needs when nobody watches.
-- Returns -1 when another owner has taken over, -2 when the record is gone, -3 when events before these are missing, -4 when the JSON
-- is needed after all (nothing is written then), else the number of other replicas watching.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return -2 end
if epoch ~= ARGV[1] then return -1 end

-- our own subscription may have ended on its way here: fewer than none would be read as a refusal
local watching = math.max(0, redis.call('PUBSUB', 'NUMSUB', ARGV[4])[2] - tonumber(ARGV[7]))
local fields = tonumber(ARGV[9])
local at = 10
local set = {}
for i = 1, fields * 2 do
  set[i] = ARGV[at]
  at = at + 1
end

-- the pieces of the snapshot before, if it had any, go
local function keepSnapshot(id, body, ...)
  local before = redis.call('HGET', KEYS[3], 'body')
  if before and before ~= body then redis.call('UNLINK', before) end
  redis.call('UNLINK', KEYS[3])
  redis.call('HSET', KEYS[3], 'id', id, ...)
  redis.call('PEXPIRE', KEYS[3], ARGV[2])
end

local last = tonumber(redis.call('HGET', KEYS[1], 'seq') or '0')
local kept = false
while ARGV[at] do
  local seq, kind, event = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  at = at + 3
  if kind == 'k' then
    -- it comes under the number of the event that completes it, and right before that
    if tonumber(seq) > last + 1 then return -3 end
    local body, pieces, bytes = string.match(event, '^(.*) (%d+) (%d+)$')
    -- a retry must not put it back over what came after it, and pieces that Redis has lost make no snapshot
    if tonumber(seq) == last + 1 and redis.call('HLEN', body) == tonumber(pieces) then
      local id = seq .. '-1'
      redis.pcall('XADD', KEYS[2], id, 'e', 'null')
      keepSnapshot(id, body, 'body', body, 'pieces', pieces, 'bytes', bytes)
      redis.call('PEXPIRE', body, ARGV[2])
      kept = true
    end
  elseif tonumber(seq) > last then
    -- numbers of a batch have no holes, so only its first event can come too early
    if tonumber(seq) > last + 1 then return -3 end
    if event == '' and watching > 0 then return -4 end
    if kind ~= 'u' then
      redis.call('XADD', KEYS[2], seq .. '-0', 'e', event)
      kept = true
    end
    if kind == 's' then
      keepSnapshot(seq .. '-0', nil, 'event', event)
    end
    if watching > 0 then
      redis.call('PUBLISH', ARGV[4],
        ARGV[5] .. seq .. '\n{"event":' .. event .. ',"seq":' .. seq .. ',"sessionId":' .. ARGV[6] .. '}')
    end
    last = tonumber(seq)
    set[#set + 1] = 'seq'
    set[#set + 1] = seq
  end
end

if #set > 0 then redis.call('HSET', KEYS[1], unpack(set)) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if kept then
  if ARGV[8] ~= '' then redis.call('XTRIM', KEYS[2], 'MINID', ARGV[8]) end
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
return watching
