// Appends every event of the newswire's public stream to a file, once and in order.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/gomodule/redigo/redis"
)

const wire = "{newswire}:wire"

func main() {
	path := append(os.Args, "wire.ndjson")[1]
	stopAtSeq := env("READER_STOP_AT_SEQ", "-1") // -1: never
	// The file's last line says how far we are; half a line, as a crash leaves it, is cut off.
	file := must(os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644))
	lines := bytes.Split(must(os.ReadFile(path)), []byte("\n"))
	must(0, file.Truncate(must(file.Seek(0, 2))-int64(len(lines[len(lines)-1]))))
	last := map[string]string{"seq": "0", "position": "0-0"}
	if len(lines) > 1 {
		must(0, json.Unmarshal(lines[len(lines)-2], &last))
	}
	url := env("NEWSWIRE_REDIS_URL", "redis://127.0.0.1:16379")
	log := must(redis.DialURL(url, redis.DialReadTimeout(5*time.Second)))
	found := events(log.Do("XRANGE", wire, last["position"], last["position"]))
	if len(lines) > 1 && (len(found) == 0 || found[0]["id"] != last["id"]) {
		damaged("the log was trimmed or replaced", "event "+last["id"], append(found, nil)[0]["id"])
	}
	for last["seq"] != stopAtSeq {
		reply, err := redis.Values(log.Do("XREAD", "COUNT", 100, "BLOCK", 2000, "STREAMS", wire, last["position"]))
		if err == redis.ErrNil {
			continue // nothing new within two seconds
		}
		for _, event := range events(must(reply, err)[0].([]interface{})[1], nil) {
			expected := strconv.Itoa(must(strconv.Atoi(last["seq"])) + 1)
			if event["seq"] != expected {
				damaged("events are missing", "seq "+expected, event["seq"])
			}
			last = event
			must(file.Write(append(must(json.Marshal(event)), '\n')))
			if last["seq"] == stopAtSeq {
				break
			}
		}
	}
}

func events(reply interface{}, err error) (found []map[string]string) {
	for _, entry := range must(redis.Values(reply, err)) {
		pair := entry.([]interface{})
		event := must(redis.StringMap(pair[1], nil))
		event["position"] = string(pair[0].([]byte))
		found = append(found, event)
	}
	return found
}

func damaged(what, expected, found string) {
	if found == "" {
		found = "nothing"
	}
	fmt.Fprintf(os.Stderr, "%s: expected %s, found %s; begin with a new file\n", what, expected, found)
	os.Exit(3)
}

func env(name, otherwise string) string {
	if text := os.Getenv(name); text != "" {
		return text
	}
	return otherwise
}

// Ends the program on any error: started again, it goes on.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
