// Appends every event of the newswire's public stream to a file, once and in order.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"
)

const wire = "{newswire}:wire"
const tailBytes = 2_000_000 // a line has less than half of it: an event has at most 1,000,000 bytes

var control = regexp.MustCompile(`[\x00-\x1f\x7f]`)

func main() {
	group, name := env("READER_GROUP", "example-go"), env("READER_NAME", "reader-1")
	stopAtSeq := number(env("READER_STOP_AT_SEQ", "-1")) // -1: never
	path := append(os.Args, "wire.tsv")[1]
	file := must(os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644))
	last, place, id := lastPrinted(file)
	url := env("NEWSWIRE_REDIS_URL", "redis://127.0.0.1:16379")
	log := must(redis.DialURL(url, redis.DialReadTimeout(5*time.Second)))
	if last > 0 {
		found := ""
		for _, entry := range must(redis.Values(log.Do("XRANGE", wire, place, place))) {
			found = opened(entry).fields["id"]
		}
		if found != id {
			damaged("the log was trimmed or replaced", "event "+id+" at "+place, found)
		}
	}
	_, err := log.Do("XGROUP", "CREATE", wire, group, "0", "MKSTREAM")
	if err != nil && !strings.HasPrefix(err.Error(), "BUSYGROUP") { // it exists: go on where it stands
		panic(err)
	}
	since := "0" // what we were given and did not acknowledge, as after a kill; then ">": what is new
	for last != stopAtSeq {
		entries := read(log, group, name, since)
		if len(entries) == 0 {
			since = ">"
		}
		for _, entry := range entries {
			event := opened(entry)
			seq := number(event.fields["seq"])
			if seq < 1 || seq > last+1 {
				expected := fmt.Sprintf("seq %d at %s", last+1, event.position)
				damaged("events are missing", expected, event.fields["seq"])
			}
			if seq > last { // else it is a repetition: printed, and not acknowledged
				must(file.WriteString(line(event)))
				last = seq
			}
			must(log.Do("XACK", wire, group, event.position))
			if last == stopAtSeq {
				break
			}
		}
	}
}

func read(log redis.Conn, group, name, since string) []interface{} {
	answer, err := redis.Values(log.Do(
		"XREADGROUP", "GROUP", group, name, "COUNT", 100, "BLOCK", 2000, "STREAMS", wire, since))
	if err == redis.ErrNil {
		return nil // nothing new within two seconds
	}
	return must(answer, err)[0].([]interface{})[1].([]interface{})
}

type event struct {
	position string
	fields   map[string]string // none: the event was removed after it was given to us
}

func opened(entry interface{}) event {
	pair := entry.([]interface{})
	fields, _ := redis.StringMap(pair[1], nil)
	return event{string(pair[0].([]byte)), fields}
}

func line(event event) string {
	var said struct {
		Reason  string
		Rate    struct{ Base, Quote, Value string } // text: the digits as they were published
		Article struct{ Headline string }
	}
	_ = json.Unmarshal([]byte(event.fields["data"]), &said) // a type to come: its seq counts
	about := said.Article.Headline + said.Reason
	if said.Rate.Value != "" {
		about = said.Rate.Base + "/" + said.Rate.Quote + " " + said.Rate.Value
	}
	fields := []string{event.fields["seq"], event.fields["type"], event.fields["subject"],
		control.ReplaceAllString(about, " "), event.position, event.fields["id"]}
	return strings.Join(fields, "\t") + "\n"
}

// Seq, position, id of the file's last event; half a line, as a crash leaves it, is cut off.
func lastPrinted(file *os.File) (int, string, string) {
	size := must(file.Seek(0, io.SeekEnd))
	if size > tailBytes {
		must(file.Seek(-tailBytes, io.SeekEnd))
	} else {
		must(file.Seek(0, io.SeekStart))
	}
	lines := strings.Split(string(must(io.ReadAll(file))), "\n")
	half := lines[len(lines)-1]
	must(0, file.Truncate(size-int64(len(half))))
	if len(lines) < 2 {
		return 0, "", ""
	}
	columns := strings.Split(lines[len(lines)-2], "\t")
	return number(columns[0]), columns[len(columns)-2], columns[len(columns)-1]
}

func damaged(what, expected, found string) {
	if found == "" {
		found = "nothing"
	}
	fmt.Fprintf(os.Stderr, "%s: expected %s, found %s; begin anew with another file and another group\n",
		what, expected, found)
	os.Exit(3)
}

func env(name, otherwise string) string {
	if text := os.Getenv(name); text != "" {
		return text
	}
	return otherwise
}

func number(text string) int {
	if text == "" {
		return 0
	}
	return must(strconv.Atoi(text))
}

// Ends the program on any error: started again, it reads first what it did not acknowledge.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
