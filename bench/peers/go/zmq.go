package main

/*
#cgo LDFLAGS: -lzmq
#include <errno.h>
#include <stdlib.h>
#include <zmq.h>

static int receive_timeout(void *socket, int ms) { return zmq_setsockopt(socket, ZMQ_RCVTIMEO, &ms, sizeof ms); }
static int no_linger(void *socket) { int none = 0; return zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none); }
static int queue(void *socket, int option, int messages) { return zmq_setsockopt(socket, option, &messages, sizeof messages); }
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

// A little of libzmq, as its bindings for Go have it: what is sent is copied into libzmq's message, what is received into a new slice.

type socketType C.int

const (
	pub socketType = C.ZMQ_PUB
	sub socketType = C.ZMQ_SUB
	req socketType = C.ZMQ_REQ
	rep socketType = C.ZMQ_REP
)

const receiveWaitMillis = 50

var context = C.zmq_ctx_new()

// A socket belongs to one goroutine, locked to its thread.
type socket struct{ handle unsafe.Pointer }

func newSocket(kind socketType) socket {
	handle := C.zmq_socket(context, C.int(kind))
	must(handle != nil, "socket")
	must(C.no_linger(handle) == 0, "linger")
	must(C.receive_timeout(handle, receiveWaitMillis) == 0, "receive timeout")
	return socket{handle}
}

func (s socket) queueUpTo(messages int) {
	must(C.queue(s.handle, C.ZMQ_SNDHWM, C.int(messages)) == 0, "queue")
	must(C.queue(s.handle, C.ZMQ_RCVHWM, C.int(messages)) == 0, "queue")
}

func (s socket) bind(port int) {
	s.at(port, func(endpoint *C.char) C.int { return C.zmq_bind(s.handle, endpoint) })
}
func (s socket) connect(port int) {
	s.at(port, func(endpoint *C.char) C.int { return C.zmq_connect(s.handle, endpoint) })
}

func (s socket) at(port int, call func(*C.char) C.int) {
	endpoint := fmt.Sprintf("tcp://127.0.0.1:%d", port)
	text := C.CString(endpoint)
	defer C.free(unsafe.Pointer(text))
	must(call(text) == 0, endpoint)
}

func (s socket) subscribe(topic string) {
	text := C.CString(topic)
	defer C.free(unsafe.Pointer(text))
	must(C.zmq_setsockopt(s.handle, C.ZMQ_SUBSCRIBE, unsafe.Pointer(text), C.size_t(len(topic))) == 0, "subscribe")
}

// Sends a message of these frames.
func (s socket) send(frames ...[]byte) {
	for i, frame := range frames {
		flags := C.int(0)
		if i < len(frames)-1 {
			flags = C.ZMQ_SNDMORE
		}
		for C.zmq_send(s.handle, unsafe.Pointer(&frame[0]), C.size_t(len(frame)), flags) < 0 {
			must(C.zmq_errno() == C.EINTR, "send") // Go's scheduler interrupts its threads
		}
	}
}

// Receives a message; nil if none came within the wait.
func (s socket) receive() [][]byte {
	var frames [][]byte
	for {
		var message C.zmq_msg_t
		must(C.zmq_msg_init(&message) == 0, "message")
		if C.zmq_msg_recv(&message, s.handle, 0) < 0 {
			must(C.zmq_errno() == C.EAGAIN || C.zmq_errno() == C.EINTR, "receive")
			return nil
		}
		frames = append(frames, C.GoBytes(C.zmq_msg_data(&message), C.int(C.zmq_msg_size(&message))))
		more := C.zmq_msg_more(&message) != 0
		C.zmq_msg_close(&message)
		if !more {
			return frames
		}
	}
}

func must(ok bool, what string) {
	if !ok {
		die("%s: %s", what, C.GoString(C.zmq_strerror(C.zmq_errno())))
	}
}

func die(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "gopair: "+format+"\n", values...)
	os.Exit(2)
}
