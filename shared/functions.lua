-- The functions that write the log: two that services call, and one that restores it. Nothing else writes.
--
-- Redis runs a function alone and sends its writes to the append-only file as one MULTI/EXEC, but it
-- does not roll back: what was written before an error stays. So every key type and every argument is
-- checked before the first write, and nothing after the first write can fail.
-- Keys of one call share the hash tag, so that the functions run in one slot of a cluster.
-- VERSION in the names is a hash of this text: old and new processes do not replace each other's code.

local FIELDS_MAX = 128 -- field names and values of one event; unpack fails at 8,000 values
local HALF_MAX = '18446744073709551615' -- of an entry id, which has two

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

local function xadd(stream, id, seq, version, args, span)
  return redis.call('XADD', stream, id, 'seq', seq, 'version', version, unpack(args, span[1], span[2]))
end

local function head_seq(meta)
  local found = redis.call('HGET', meta, 'seq') or '0'
  return tonumber(found) or refuse('BADKEY ' .. meta .. ' has the seq ' .. found)
end

-- The largest id that a stream has given.
local function last_id(stream)
  if redis.call('EXISTS', stream) == 0 then
    return '0-0'
  end
  local about = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' then
      return about[i + 1]
    end
  end
end

-- Whoever may XADD can use up a stream's ids; then our own XADD fails, perhaps after other writes.
local function check_ids_left(stream)
  if last_id(stream):sub(1, #HALF_MAX + 1) == HALF_MAX .. '-' then
    refuse('BADKEY ' .. stream .. ' has no ids left')
  end
end

-- An id as text of one length, which compares as ids do: a number of Lua holds 53 of their 64 bits.
local function padded(id, what)
  local halves = {id:match('^(%d+)%-(%d+)$')}
  for h = 1, 2 do
    local half = halves[h] or 'none'
    local is_canonical = half == '0' or half:match('^[1-9]%d*$')
    if not is_canonical or #half > #HALF_MAX or (#half == #HALF_MAX and half > HALF_MAX) then
      refuse('BADARG ' .. what .. ' is ' .. id)
    end
    halves[h] = ('0'):rep(#HALF_MAX - #half) .. half
  end
  return halves[1] .. halves[2]
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
      local position = xadd(keys[1], '*', seq, version, args, spans[e])
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
    written[2 * e] = xadd(stream, '*', seq, version[e], args, spans[e])
    redis.call('HSET', meta, 'seq', seq)
  end
  redis.call('HSET', keys[1], unpack(moves))
  return {1, written}
end

-- KEYS  stream, meta, subject ...
-- ARGV  n, seq of the first, (position, version, content hash) * n, n events
-- A content hash is empty where the event was committed: then its subject has no key.
-- Gives {1, head} when everything was written, {0, head} when the stream ends elsewhere and nothing was.
local function restore(keys, args)
  local n = whole(args[1], 1, 'number of events')
  local first = whole(args[2], 1, 'seq of the first')
  if #keys ~= n + 2 then
    refuse('BADARG ' .. #keys .. ' keys for ' .. n .. ' events')
  end
  local spans = event_spans(args, 3 + 3 * n, n)
  check_key(keys[1], 'stream')
  check_key(keys[2], 'hash')
  local head = head_seq(keys[2])
  if head ~= first - 1 then
    return {0, head}
  end
  if head == 0 and redis.call('XLEN', keys[1]) > 0 then
    refuse('BADKEY ' .. keys[1] .. ' holds entries that the log does not count')
  end
  local before, version, last = padded(last_id(keys[1]), 'last id'), {}, {}
  for e = 1, n do
    local at = padded(args[3 * e], 'position of event ' .. e)
    if at <= before then
      refuse('BADARG position of event ' .. e .. ' is ' .. args[3 * e] .. ', not after the one before')
    end
    before = at
    version[e] = whole(args[3 * e + 1], 1, 'version of event ' .. e)
    if args[3 * e + 2] ~= '' then
      local subject = keys[2 + e]
      local known = last[subject] or last_of(subject).version
      if version[e] ~= known + 1 then
        refuse('BADARG version of event ' .. e .. ' is ' .. version[e] .. ' after ' .. known)
      end
      last[subject] = version[e]
    end
  end
  for e = 1, n do
    local seq, position, hash = head + e, args[3 * e], args[3 * e + 2]
    xadd(keys[1], position, seq, version[e], args, spans[e])
    redis.call('HSET', keys[2], 'seq', seq)
    if hash ~= '' then
      redis.call(
        'HSET', keys[2 + e], 'version', version[e], 'hash', hash, 'seq', seq, 'position', position
      )
    end
  end
  return {1, head + n}
end

redis.register_function('newswire_append_VERSION', append)
redis.register_function('newswire_commit_VERSION', commit)
redis.register_function('newswire_restore_VERSION', restore)
