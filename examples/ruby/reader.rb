# Appends every event of the newswire's public stream to a file, once and in order.
require "json"
require "redis"
Encoding.default_external = "UTF-8" # the stream's, whatever this machine's is

WIRE = "{newswire}:wire"
URL = ENV.fetch("NEWSWIRE_REDIS_URL", "redis://127.0.0.1:16379")
STOP_AT_SEQ = Integer(ENV.fetch("READER_STOP_AT_SEQ", "-1")) # -1: never
TAIL_BYTES = 8_000_000 # a line has less: an event has at most 1,000,000 bytes, escaped six

def damaged(what, expected, found)
  warn "#{what}: expected #{expected}, found #{found}; begin with a new file"
  exit 3
end

# The file's last line says how far we are; half a line, as a crash leaves it, is cut off.
file = File.open(ARGV.fetch(0, "wire.ndjson"), "a+b")
file.seek([0, file.size - TAIL_BYTES].max)
*lines, half = file.read.split("\n", -1)
file.truncate(file.size - half.to_s.bytesize)
last = lines.empty? ? { "seq" => "0", "position" => "0-0" } : JSON.parse(lines.last)

redis = Redis.new(url: URL, timeout: 5)
found = redis.xrange(WIRE, last["position"], last["position"]).map { |_, event| event["id"] }
unless lines.empty? || found == [last["id"]]
  damaged("the log was trimmed or replaced", "event #{last["id"]}", found.first || "nothing")
end

while last["seq"].to_i != STOP_AT_SEQ
  entries = redis.xread(WIRE, last["position"], count: 100, block: 2000).fetch(WIRE, [])
  entries.each do |position, event|
    expected = last["seq"].to_i + 1
    damaged("events are missing", "seq #{expected}", event["seq"]) if event["seq"].to_i != expected
    last = event.merge("position" => position)
    file.write(JSON.generate(last) + "\n")
    file.flush
    break if expected == STOP_AT_SEQ
  end
end
