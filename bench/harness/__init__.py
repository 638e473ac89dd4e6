"""The harness behind bench/run: what it takes to measure Freshet and its peers side by side. Python's standard library only."""
