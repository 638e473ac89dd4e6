package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const patience = 30 * time.Second

// What is on its way, and what has come back of it.
type account struct {
	sync.Mutex
	sentAt  map[string]int64 // microseconds, by msg_id
	offsets []float64
	totals  []int64
}

type response struct {
	MsgID string `json:"msg_id"`
	T2    int64  `json:"t2"`
	T3    int64  `json:"t3"`
}

func produce(dataPort, vizPort, controlPort, rate, size int) {
	runtime.LockOSThread()
	data, control := newSocket(pub), newSocket(rep)
	data.bind(dataPort)
	control.bind(controlPort)
	books := &account{sentAt: map[string]int64{}}
	var listening sync.WaitGroup
	listening.Add(1)
	go func() {
		defer listening.Done()
		books.listen(vizPort)
	}()
	fmt.Println("ready")
	awaitStart(control)

	payload := bytes.Repeat([]byte("x"), size)
	begin := time.Now()
	var sent atomic.Int64
	for n := 0; !stopping.Load(); n++ {
		due := begin.Add(time.Duration(float64(n) / float64(rate) * 1e9))
		time.Sleep(time.Until(due))
		id := fmt.Sprint(n)
		t1 := time.Now().UnixMicro()
		message := fmt.Appendf(make([]byte, 0, size+128), "request|seq_n=%d|msg_id=%s|t1=%020d|data=", n, id, t1)
		message = append(message, payload...)
		books.Lock()
		books.sentAt[id] = t1
		books.Unlock()
		data.send([]byte("request"), message)
		sent.Add(1)
	}
	listening.Wait()
	fmt.Printf("end sent=%d answered=%d\n", sent.Load(), len(books.totals))
}

func awaitStart(control socket) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline) && !stopping.Load(); {
		if said := control.receive(); len(said) == 1 && string(said[0]) == "start" {
			control.send([]byte("start"))
			return
		}
	}
	die("no consumer said 'start' within %v", patience)
}

// Matches each answer with its message by the four timestamps.
func (books *account) listen(vizPort int) {
	runtime.LockOSThread()
	answers := newSocket(sub)
	answers.queueUpTo(100_000)
	answers.subscribe("response")
	answers.connect(vizPort)
	for !stopping.Load() {
		frames := answers.receive()
		t4 := time.Now().UnixMicro()
		var answer response
		if len(frames) != 2 || json.Unmarshal(frames[1], &answer) != nil {
			continue
		}
		books.Lock()
		if t1, waiting := books.sentAt[answer.MsgID]; waiting {
			delete(books.sentAt, answer.MsgID)
			books.totals = append(books.totals, t4-t1)
			books.offsets = append(books.offsets, float64(answer.T2-t1+answer.T3-t4)/2)
		}
		books.Unlock()
	}
}
