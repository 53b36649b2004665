<?php
// Appends every event of the newswire's public stream to a file, once and in order.
declare(strict_types=1);
set_error_handler(fn(int $_, string $warning) => throw new ErrorException($warning));

const WIRE = '{newswire}:wire';
const TAIL_BYTES = 2_000_000; // a line has less than half of it: an event has at most 1,000,000 bytes
$url = parse_url(getenv('NEWSWIRE_REDIS_URL') ?: 'redis://127.0.0.1:16379');
$group = getenv('READER_GROUP') ?: 'example-php';
$name = getenv('READER_NAME') ?: 'reader-1';
$stopAtSeq = (int) (getenv('READER_STOP_AT_SEQ') ?: -1); // -1: never

function damaged(string $what, string $expected, string|int $found): never
{
    $advice = 'begin anew with another file and another group';
    fwrite(STDERR, "$what: expected $expected, found " . ($found ?: 'nothing') . "; $advice\n");
    exit(3);
}

// Seq, position, id of the file's last event; half a line, as a crash leaves it, is cut off.
function lastPrinted($file): array
{
    $begin = max(0, fstat($file)['size'] - TAIL_BYTES);
    fseek($file, $begin);
    $lines = explode("\n", stream_get_contents($file));
    $half = array_pop($lines);
    ftruncate($file, fstat($file)['size'] - strlen($half));
    $columns = explode("\t", end($lines) ?: "0\t\t");
    return [(int) $columns[0], ...array_slice($columns, -2)];
}

function line(string $position, array $event): string
{
    $said = json_decode($event['data'], true, flags: JSON_THROW_ON_ERROR);
    $about = $said['article']['headline'] ?? $said['reason'] ?? ''; // a type to come: its seq counts
    if (isset($said['rate']['value'])) { // text: the digits as they were published
        $about = "{$said['rate']['base']}/{$said['rate']['quote']} {$said['rate']['value']}";
    }
    $about = preg_replace('/[\x00-\x1f\x7f]/', ' ', $about);
    $columns = [$event['seq'], $event['type'], $event['subject'], $about, $position, $event['id']];
    return implode("\t", $columns) . "\n";
}

$file = fopen($argv[1] ?? 'wire.tsv', 'a+');
[$last, $position, $id] = lastPrinted($file);
$redis = new Redis();
$host = ($url['scheme'] === 'rediss' ? 'tls://' : '') . $url['host'];
$redis->connect($host, $url['port'] ?? 6379, 5);
$redis->setOption(Redis::OPT_READ_TIMEOUT, 5);
$login = array_filter([$url['user'] ?? '', $url['pass'] ?? '']);
if ($login) $redis->auth(array_map('rawurldecode', array_values($login)));
$events = $last ? $redis->xRange(WIRE, $position, $position) : [];
$found = implode(array_column($events, 'id'));
if ($found !== $id) damaged('the log was trimmed or replaced', "event $id at $position", $found);
$redis->xGroup('CREATE', WIRE, $group, '0', true); // false: it exists, go on where it stands

$since = '0'; // what we were given and did not acknowledge, as after a kill; then ">": what is new
while ($last !== $stopAtSeq) {
    $redis->clearLastError();
    $entries = $redis->xReadGroup($group, $name, [WIRE => $since], 100, 2000)[WIRE] ?? [];
    if ($redis->getLastError()) throw new RedisException($redis->getLastError());
    if (!$entries) $since = '>';
    foreach ($entries as $position => $event) {
        $seq = (int) ($event['seq'] ?? 0); // no fields: removed after it was given to us
        $expected = 'seq ' . $last + 1 . " at $position";
        if ($seq < 1 || $seq > $last + 1) damaged('events are missing', $expected, $seq);
        if ($seq > $last) { // else it is a repetition: printed, and not acknowledged
            fwrite($file, line($position, $event));
            fflush($file);
            $last = $seq;
        }
        $redis->xAck(WIRE, $group, [$position]);
        if ($last === $stopAtSeq) break;
    }
}
