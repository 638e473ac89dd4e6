module freshet.dev/bench/gopair

go 1.19
