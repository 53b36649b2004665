-- The two functions that write the log. Nothing else writes.
--
-- Redis runs a function alone and sends its writes to the append-only file as one MULTI/EXEC, but it
-- does not roll back: what was written before an error stays. So every key type and every argument is
-- checked before the first write, and nothing after the first write can fail.
-- Keys of one call share the hash tag, so that the functions run in one slot of a cluster.
-- VERSION in the names is a hash of this text: old and new processes do not replace each other's code.

local FIELDS_MAX = 128 -- field names and values of one event; unpack fails at 8,000 values

local function refuse(message)
  error({err = message})
end

-- A missing key is fine: the first write makes it.
local function check_key(key, kind)
  local found = redis.call('TYPE', key)['ok']
  if found ~= kind and found ~= 'none' then
    refuse('BADKEY ' .. key .. ' is a ' .. found .. ', expected a ' .. kind)
  end
end

local function whole(text, least, what)
  local number = tonumber(text)
  if not number or number < least or number ~= math.floor(number) then
    refuse('BADARG ' .. what .. ' is ' .. tostring(text))
  end
  return number
end

-- n events at args[i], each as: number of names and values, name, value, ...
-- Gives the first and last argument of each; the events must end where the arguments end.
local function event_spans(args, i, n)
  local spans = {}
  for e = 1, n do
    local size = whole(args[i], 2, 'size of event ' .. e)
    if size > FIELDS_MAX or size % 2 == 1 or i + size > #args then
      refuse('BADARG event ' .. e .. ' has ' .. size .. ' names and values')
    end
    spans[e] = {i + 1, i + size}
    i = i + size + 1
  end
  if i ~= #args + 1 then
    refuse('BADARG ' .. (#args + 1 - i) .. ' arguments too many')
  end
  return spans
end

local function xadd(stream, seq, version, args, span)
  return redis.call('XADD', stream, '*', 'seq', seq, 'version', version, unpack(args, span[1], span[2]))
end

local function head_seq(meta)
  local found = redis.call('HGET', meta, 'seq') or '0'
  return tonumber(found) or refuse('BADKEY ' .. meta .. ' has the seq ' .. found)
end

-- Whoever may XADD can use up a stream's ids; then our own XADD fails, perhaps after other writes.
local function check_ids_left(stream)
  if redis.call('EXISTS', stream) == 0 then
    return
  end
  local about = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' and about[i + 1]:sub(1, 21) == '18446744073709551615-' then
      refuse('BADKEY ' .. stream .. ' has no ids left')
    end
  end
end

-- The last event of a subject. HMGET refuses another type itself, which saves a TYPE per event.
local function last_of(subject)
  local found = redis.pcall('HMGET', subject, 'version', 'hash', 'seq', 'position')
  if found.err then
    check_key(subject, 'hash')
  end
  local last = {
    version = tonumber(found[1] or '0'),
    hash = found[2],
    seq = tonumber(found[3] or '0'),
    position = found[4] or '0-0',
  }
  if not last.version or not last.seq then
    refuse('BADKEY ' .. subject .. ' has the version ' .. found[1] .. ' and the seq ' .. found[3])
  end
  return last
end

-- KEYS  stream, meta, subject ...
-- ARGV  n, (content hash, expected version) * n, n events
-- Gives per item {outcome, version, seq, position}; outcome 1 appended, 0 unchanged, -1 conflict.
local function append(keys, args)
  local n = whole(args[1], 0, 'number of events')
  if #keys ~= n + 2 then
    refuse('BADARG ' .. #keys .. ' keys for ' .. n .. ' events')
  end
  local expected = {}
  for e = 1, n do
    expected[e] = whole(args[2 * e + 1], 0, 'expected version ' .. e)
  end
  local spans = event_spans(args, 2 + 2 * n, n)
  check_key(keys[1], 'stream')
  check_ids_left(keys[1])
  check_key(keys[2], 'hash')
  local last = {}
  for k = 3, #keys do
    last[keys[k]] = last[keys[k]] or last_of(keys[k])
  end
  local seq, outcomes = head_seq(keys[2]), {}
  for e = 1, n do
    local subject, hash = keys[2 + e], args[2 * e]
    local known = last[subject]
    if known.hash == hash then
      outcomes[e] = {0, known.version, known.seq, known.position}
    elseif known.version ~= expected[e] then
      outcomes[e] = {-1, known.version, known.seq, known.position}
    else
      seq = seq + 1
      local version = known.version + 1
      local position = xadd(keys[1], seq, version, args, spans[e])
      redis.call('HSET', keys[2], 'seq', seq)
      redis.call('HSET', subject, 'version', version, 'hash', hash, 'seq', seq, 'position', position)
      last[subject] = {version = version, hash = hash, seq = seq, position = position}
      outcomes[e] = {1, version, seq, position}
    end
  end
  return outcomes
end

-- KEYS  checkpoint, (output stream, meta) ...
-- ARGV  m, (input stream, expected checkpoint, next checkpoint) * m, n, (output index, version) * n, n events
-- Gives {1, {seq, position, ...}} when everything was written, {0, input, found checkpoint} when nothing was.
local function commit(keys, args)
  local m = whole(args[1], 1, 'number of inputs')
  local outputs_at = 2 + 3 * m
  local n = whole(args[outputs_at], 0, 'number of events')
  local spans = event_spans(args, outputs_at + 1 + 2 * n, n)
  check_key(keys[1], 'hash')
  local seqs = {}
  for k = 2, #keys, 2 do
    check_key(keys[k], 'stream')
    check_ids_left(keys[k])
    check_key(keys[k + 1], 'hash')
    seqs[k] = head_seq(keys[k + 1])
  end
  local output, version = {}, {}
  for e = 1, n do
    output[e] = 2 * whole(args[outputs_at + 2 * e - 1], 1, 'output of event ' .. e)
    version[e] = whole(args[outputs_at + 2 * e], 1, 'version of event ' .. e)
    if not keys[output[e] + 1] then
      refuse('BADARG event ' .. e .. ' names an output that is not among the keys')
    end
  end
  local moves = {}
  for i = 0, m - 1 do
    local input, expected, following = args[2 + 3 * i], args[3 + 3 * i], args[4 + 3 * i]
    local found = redis.call('HGET', keys[1], input) or ''
    if found ~= expected then
      return {0, input, found}
    end
    moves[#moves + 1] = input
    moves[#moves + 1] = following
  end
  local written = {}
  for e = 1, n do
    local stream, meta = keys[output[e]], keys[output[e] + 1]
    local seq = seqs[output[e]] + 1
    seqs[output[e]] = seq
    written[2 * e - 1] = seq
    written[2 * e] = xadd(stream, seq, version[e], args, spans[e])
    redis.call('HSET', meta, 'seq', seq)
  end
  redis.call('HSET', keys[1], unpack(moves))
  return {1, written}
end

redis.register_function('newswire_append_VERSION', append)
redis.register_function('newswire_commit_VERSION', commit)
