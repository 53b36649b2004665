<?php
// Appends every event of the newswire's public stream to a file, once and in order.
declare(strict_types=1);
set_error_handler(fn(int $_, string $warning) => throw new ErrorException($warning));

const WIRE = '{newswire}:wire';
const TAIL_BYTES = 8_000_000; // a line has less: an event has at most 1,000,000 bytes, escaped six
$url = parse_url(getenv('NEWSWIRE_REDIS_URL') ?: 'redis://127.0.0.1:16379');
$stopAtSeq = (int) (getenv('READER_STOP_AT_SEQ') ?: -1); // -1: never

function damaged(string $what, string $expected, string $found): never
{
    fwrite(STDERR, "$what: expected $expected, found $found; begin with a new file\n");
    exit(3);
}

// The file's last line says how far we are; half a line, as a crash leaves it, is cut off.
$file = fopen($argv[1] ?? 'wire.ndjson', 'a+');
fseek($file, max(0, fstat($file)['size'] - TAIL_BYTES));
$lines = explode("\n", stream_get_contents($file));
ftruncate($file, fstat($file)['size'] - strlen(array_pop($lines)));
$last = $lines ? json_decode(end($lines), true) : ['seq' => '0', 'position' => '0-0'];

$redis = new Redis();
$redis->connect($url['host'], $url['port'] ?? 6379, 5);
$redis->setOption(Redis::OPT_READ_TIMEOUT, 5);
if (isset($url['pass'])) $redis->auth(array_map('rawurldecode', [$url['user'], $url['pass']]));
$found = current($redis->xRange(WIRE, $last['position'], $last['position']) ?: [])['id'] ?? 'nothing';
if ($lines && $found !== $last['id'])
    damaged('the log was trimmed or replaced', "event {$last['id']}", $found);

while ((int) $last['seq'] !== $stopAtSeq) {
    foreach ($redis->xRead([WIRE => $last['position']], 100, 2000)[WIRE] ?? [] as $position => $event) {
        $expected = (int) $last['seq'] + 1;
        if ((int) $event['seq'] !== $expected)
            damaged('events are missing', "seq $expected", $event['seq']);
        $last = [...$event, 'position' => $position];
        fwrite($file, json_encode($last, JSON_THROW_ON_ERROR) . "\n");
        fflush($file);
        if ($expected === $stopAtSeq) break;
    }
    if ($redis->getLastError()) throw new RedisException($redis->getLastError());
}
