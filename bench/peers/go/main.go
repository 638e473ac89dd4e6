// A producer and a consumer of the streaming contract in Go, on libzmq, to be measured beside a fleet of Freshet's.
//
//	gopair producer DATA_PORT VIZ_PORT CONTROL_PORT RATE SIZE
//	gopair consumer DATA_PORT VIZ_PORT CONTROL_PORT
//
// Both are on 127.0.0.1 and work until their standard input ends. The consumer says every 50 ms, on CLOCK_MONOTONIC, what it has so far.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync/atomic"
)

var stopping atomic.Bool

func main() {
	if len(os.Args) < 5 {
		die("usage: gopair producer DATA_PORT VIZ_PORT CONTROL_PORT RATE SIZE | consumer DATA_PORT VIZ_PORT CONTROL_PORT")
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		stopping.Store(true)
	}()
	data, viz, control := number(2), number(3), number(4)
	switch {
	case os.Args[1] == "producer" && len(os.Args) == 7:
		produce(data, viz, control, number(5), number(6))
	case os.Args[1] == "consumer" && len(os.Args) == 5:
		consume(data, viz, control)
	default:
		die("'%s' with %d words is neither a producer nor a consumer", os.Args[1], len(os.Args)-2)
	}
}

func number(i int) int {
	value, err := strconv.Atoi(os.Args[i])
	if err != nil || value < 1 {
		die("'%s' is not a number from 1", os.Args[i])
	}
	return value
}

func tell(at float64, messages, bytes int) {
	fmt.Printf("at=%.6f messages=%d bytes=%d\n", at, messages, bytes)
}
