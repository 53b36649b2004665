# Appends every event of the newswire's public stream to a file, once and in order.
require "json"
require "redis"
Encoding.default_external = "UTF-8" # the stream's, whatever this machine's is

WIRE = "{newswire}:wire"
URL = ENV.fetch("NEWSWIRE_REDIS_URL", "redis://127.0.0.1:16379")
GROUP = ENV.fetch("READER_GROUP", "example-ruby")
NAME = ENV.fetch("READER_NAME", "reader-1")
STOP_AT_SEQ = Integer(ENV.fetch("READER_STOP_AT_SEQ", "-1")) # -1: never
TAIL_BYTES = 2_000_000 # a line has less than half of it: an event has at most 1,000,000 bytes

def damaged(what, expected, found)
  found = "nothing" if ["", 0].include?(found)
  advice = "begin anew with another file and another group"
  warn "#{what}: expected #{expected}, found #{found}; #{advice}"
  exit 3
end

# Seq, position, id of the file's last event; half a line, as a crash leaves it, is cut off.
def last_printed(file)
  start = [0, file.size - TAIL_BYTES].max
  file.seek(start)
  whole, newline, = file.read.rpartition("\n")
  file.truncate(start + whole.bytesize + newline.bytesize)
  columns = whole.rpartition("\n").last.split("\t")
  newline.empty? ? [0, "", ""] : [Integer(columns[0]), *columns.last(2)]
end

def line(position, event)
  about = case JSON.parse(event["data"], symbolize_names: true)
          in {article: {headline: String => headline}} then headline
          in {reason: String => reason} then reason
          in {rate: {base:, quote:, value:}} then "#{base}/#{quote} #{value}" # the published digits
          else "" # a type to come: its seq counts
          end
  about = about.gsub(/[\x00-\x1f\x7f]/, " ")
  [*event.values_at("seq", "type", "subject"), about, position, event["id"]].join("\t") + "\n"
end

file = File.open(ARGV.fetch(0, "wire.tsv"), "a+b")
last, position, id = last_printed(file)
# Never sent again: what a lost answer held would be skipped. Started again, it comes first.
redis = Redis.new(url: URL, timeout: 5, reconnect_attempts: 0)
found = last.zero? ? "" : redis.xrange(WIRE, position, position).map { |_, event| event["id"] }.join
damaged("the log was trimmed or replaced", "event #{id} at #{position}", found) if found != id
begin
  redis.xgroup(:create, WIRE, GROUP, "0", mkstream: true)
rescue Redis::CommandError => e
  raise unless e.message.start_with?("BUSYGROUP") # it exists: go on where it stands
end

since = "0" # what we were given and did not acknowledge, as after a kill; then ">": what is new
while last != STOP_AT_SEQ
  command = ["XREADGROUP", "GROUP", GROUP, NAME, "COUNT", 100, "BLOCK", 2000, "STREAMS", WIRE, since]
  entries = redis.call(*command).to_a.dig(0, 1).to_a # redis.xreadgroup would send it again
  since = ">" if entries.empty?
  entries.each do |position, fields|
    event = Hash[*fields] # no fields: removed after it was given to us
    seq = event.fetch("seq", "0").to_i
    expected = "seq #{last + 1} at #{position}"
    damaged("events are missing", expected, seq) unless seq.between?(1, last + 1)
    if seq > last # else it is a repetition: printed, and not acknowledged
      file.write(line(position, event))
      file.flush
      last = seq
    end
    redis.xack(WIRE, GROUP, position)
    break if last == STOP_AT_SEQ
  end
end
