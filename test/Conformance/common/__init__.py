"""What the conformance runners share: compile, load through the C ABI, compare, report."""
