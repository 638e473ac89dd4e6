package main

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

const (
	tellEvery       = 50 * time.Millisecond
	clockMonotonic  = 1
	longestHeader   = 200
	subscriberPause = 200 * time.Millisecond
)

type answered struct {
	Type   string `json:"type"`
	MsgID  string `json:"msg_id"`
	SeqN   int    `json:"seq_n"`
	T2     int64  `json:"t2"`
	T3     int64  `json:"t3"`
	Status string `json:"status"`
}

func consume(dataPort, vizPort, controlPort int) {
	runtime.LockOSThread()
	answers, data, control := newSocket(pub), newSocket(sub), newSocket(req)
	answers.queueUpTo(100_000)
	answers.bind(vizPort)
	data.subscribe("request")
	data.connect(dataPort)
	control.connect(controlPort)
	time.Sleep(subscriberPause) // for both subscriptions to arrive
	control.send([]byte("start"))
	begun := time.Now()
	for control.receive() == nil {
		if time.Since(begun) > patience || stopping.Load() {
			die("the producer did not answer 'start' within %v", patience)
		}
	}
	messages, received := 0, 0
	var next time.Time
	for !stopping.Load() {
		frames := data.receive()
		t2 := time.Now().UnixMicro()
		if len(frames) != 2 {
			continue
		}
		id, seq, header := parse(frames[1])
		reply, _ := json.Marshal(answered{"response", id, seq, t2, time.Now().UnixMicro(), "processed"})
		answers.send([]byte("response"), reply)
		messages++
		received += len(frames[1]) - header
		if now := time.Now(); now.After(next) {
			next = now.Add(tellEvery)
			tell(monotonicSeconds(), messages, received)
		}
	}
}

// The id, the number and the length of a request's header.
func parse(body []byte) (string, int, int) {
	head := body
	if len(head) > longestHeader {
		head = head[:longestHeader]
	}
	parts := bytes.SplitN(head, []byte("|"), 5)
	if len(parts) < 5 || !bytes.HasPrefix(parts[1], []byte("seq_n=")) || !bytes.HasPrefix(parts[2], []byte("msg_id=")) {
		die("malformed: %.100s", head)
	}
	seq, err := strconv.Atoi(string(parts[1][len("seq_n="):]))
	if err != nil {
		die("malformed: %.100s", head)
	}
	return string(parts[2][len("msg_id="):]), seq, bytes.Index(head, []byte("|data=")) + len("|data=")
}

// CLOCK_MONOTONIC as other processes read it, which package time keeps to itself.
func monotonicSeconds() float64 {
	var t syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&t)), 0)
	return float64(t.Sec) + float64(t.Nsec)/1e9
}
